import { join } from "node:path";
import type { Clock, Pause, SettledNow, Store } from "@echoo/core";
import { openSqliteStore, type Telling } from "@echoo/storage";
import type { Config } from "../config/read-config.ts";
import type { Logger } from "../observability/logging.ts";

interface OpenStoreDeps {
  readonly config: Pick<Config, "dataDir" | "mongodbUri" | "mongodbName">;
  readonly clock: Clock;
  readonly pause: Pause;
  readonly settled: SettledNow;
  readonly logger: Logger;
  /** Names the events of accounts and devices. */
  readonly telling: Telling;
  /** Told each time that the embedded database turns out to be damaged. */
  readonly onDamage: (error: unknown) => void;
}

/** The one place that chooses where everything durable is kept. MongoDB's driver is loaded where it is needed. */
export async function openStore(deps: OpenStoreDeps): Promise<Store> {
  const { config, clock, pause, settled, logger, telling, onDamage } = deps;
  const { dataDir, mongodbUri: uri, mongodbName: database } = config;
  if (uri === undefined)
    return openSqliteStore({ file: join(dataDir, "echoo.db"), pause, settled, quietBy: clock, telling, onDamage });
  const { openMongoStore } = await import("@echoo/storage/mongodb");
  return openMongoStore({
    uri,
    database,
    clock,
    pause,
    telling,
    onAway: (err) =>
      logger.warn(
        { err },
        "MongoDB does not answer at MONGODB_URI, or still builds its indexes; the server keeps trying",
      ),
    onReady: () => logger.info({ database }, "MongoDB answers, and has its indexes"),
  });
}
