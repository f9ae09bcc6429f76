import { join, resolve } from "node:path";
import { type AuditedSettings, auditTellsOfServer, type OpenAudit, openAudit, readServerSecret } from "@echoo/accounts";
import type { Clock, Ids, SettledNow, Store } from "@echoo/core";
import {
  Damage,
  DataFolderError,
  damageOf,
  FolderLock,
  inspectFolder,
  isCorrupt,
  lookForDamage,
  type OpenJournal,
  openSqliteJournal,
  requireAlone,
  setFileAside,
  sizeOf,
  writersBesides,
} from "@echoo/storage";
import type { Config } from "../config/read-config.ts";
import type { Logger } from "../observability/logging.ts";
import type { Metrics } from "../observability/metrics.ts";
import { newEventId } from "../webhooks/start-webhooks.ts";
import { openStore } from "./open-store.ts";
import { pause, randomSecret } from "./platform.ts";
import type { ShutdownSteps } from "./shutdown-steps.ts";

type OpenDataSettings = AuditedSettings & Pick<Config, "dataDir" | "port" | "secret" | "mongodbUri" | "mongodbName">;

interface OpenDataDeps {
  readonly config: OpenDataSettings;
  readonly clock: Clock;
  readonly ids: Pick<Ids, "sessionId">;
  readonly settled: SettledNow;
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, "damageMet">;
  readonly steps: ShutdownSteps;
}

/** What is on the disk, or in the database. */
export interface OpenData {
  readonly lock: FolderLock;
  readonly store: Store;
  readonly journal: OpenJournal;
  /** The server's own. */
  readonly secret: string;
  readonly audit: OpenAudit;
  readonly damage: Damage;
}

/**
 * Opens what is durable. The lock comes first, and nothing of the folder is read before it: another server's journal would
 * be recovered a second time. Then comes a look at what is there, before anything is made or migrated.
 */
export async function openData(deps: OpenDataDeps): Promise<OpenData> {
  const { config, clock, ids, settled, logger, metrics, steps } = deps;
  const { dataDir } = config;
  const lock = FolderLock.take(dataDir, "a server that runs", clock.now(), config.port);
  steps.add("data folder", () => lock.release());
  const writers = writersBesides(resolve(dataDir));
  if (writers !== undefined) logger.warn(writers);
  const damage = new Damage({ logger, metrics });
  const paths = { store: join(dataDir, "echoo.db"), journal: join(dataDir, "journal.db") };
  const isAudited = () => auditTellsOfServer(dataDir);
  const [hasStore, keepsSecret] = [config.mongodbUri === undefined, config.secret === undefined];
  for (const { file, sentence, isDamage } of inspectFolder({
    folder: dataDir,
    hasStore,
    keepsSecret,
    now: clock.now(),
    isAudited,
  })) {
    if (isDamage) damage.met(file, sentence);
    else logger.warn({ file }, sentence);
  }
  if (sizeOf(paths.journal)) requireAlone(paths.journal);
  const store = await openStore({
    config,
    clock,
    pause,
    settled,
    logger,
    telling: () => ({ id: newEventId(ids), atMs: clock.now() }),
    onDamage: (err) => damage.met("echoo.db", damageOf(paths.store), err),
  });
  steps.add("store", () => store.close());
  if (hasStore)
    steps.add("look for damage", lookForDamage({ folder: dataDir, file: "echoo.db", clock, logger, damage }));
  const journal = openJournal({ clock, logger }, paths.journal, damage);
  steps.add("journal", () => journal.close());
  if (journal.lastBeat) settled.lived(journal.lastBeat.atMs);
  const secret = readServerSecret(dataDir, config.secret, randomSecret);
  const audit = openAudit({ folder: dataDir, settings: config, clock, settled, logger, secret });
  steps.add("audit log", () => audit.close());
  return { lock, store, journal, secret, audit, damage };
}

/** Calls go on without the last journal: one that is damaged in its structure is moved out of the way. */
function openJournal(
  { clock, logger }: Pick<OpenDataDeps, "clock" | "logger">,
  file: string,
  damage: Damage,
): OpenJournal {
  const open = () =>
    openSqliteJournal({
      file,
      clock,
      requireSound: true,
      onFault: (err) => logger.error({ err }, "the journal's disk fails"),
      onSetAside: (entry) => logger.error(entry, "an entry of the journal is of no use, and was set aside"),
    });
  try {
    return open();
  } catch (error) {
    if (!(error instanceof DataFolderError) || !isCorrupt(error.cause)) throw error;
    const aside = setFileAside(file, clock.now());
    const sentence = `${file} is damaged: calls under way and records that waited are lost; it was moved to ${aside}`;
    damage.met("journal.db", sentence, error.cause);
    return open();
  }
}
