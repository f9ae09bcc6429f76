import { join } from "node:path";
import type { Clock, Store } from "@echoo/core";
import { openMongoStore } from "./adapters/store-mongo/open-mongo-store.ts";
import { openSqliteStore } from "./adapters/store-sqlite/open-sqlite-store.ts";
import type { Config } from "./config/read-config.ts";
import type { Logger } from "./logging.ts";
import type { SettledNow } from "./settled-now.ts";

interface OpenStoreDeps {
  readonly config: Pick<Config, "dataDir" | "mongodbUri" | "mongodbName">;
  readonly clock: Clock;
  readonly settled: SettledNow;
  readonly logger: Logger;
  /** Told each time that the embedded database turns out to be damaged. */
  readonly onDamage: (error: unknown) => void;
}

/** The one place that chooses where everything durable is kept. */
export function openStore({ config, clock, settled, logger, onDamage }: OpenStoreDeps): Store {
  const { dataDir, mongodbUri: uri, mongodbName: database } = config;
  if (uri === undefined) return openSqliteStore({ file: join(dataDir, "echoo.db"), settled, onDamage });
  return openMongoStore({
    uri,
    database,
    clock,
    onAway: (err) =>
      logger.warn(
        { err },
        "MongoDB does not answer at MONGODB_URI, or still builds its indexes; the server keeps trying",
      ),
    onReady: () => logger.info({ database }, "MongoDB answers, and has its indexes"),
  });
}
