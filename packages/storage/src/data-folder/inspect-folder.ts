import { copyFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import type { Instant } from "@echoo/core";
import { DataFolderError } from "../sqlite/data-folder-error.ts";
import { type WalDamage, walDamage } from "../sqlite/wal-damage.ts";
import { asideName } from "./aside-name.ts";
import { sizeOf, tracesOfUse } from "./folder-traces.ts";

/** Something that is wrong with a file of the folder, though the server can start. */
export interface FolderFinding {
  readonly file: string;
  readonly sentence: string;
  /** Whether something was lost by it; else it is only worth a warning. */
  readonly isDamage: boolean;
}

interface InspectedFolder {
  readonly folder: string;
  /** False where the calls are in MongoDB. */
  readonly hasStore: boolean;
  /** False where the settings have it. */
  readonly keepsSecret: boolean;
  readonly now: Instant;
  /** Whether the audit log tells of a server that ran on this folder. */
  readonly isAudited: () => boolean;
}

/**
 * Looks at a folder before anything in it is opened, while its lock is held. Throws where the server must not begin
 * anew on what is left of a database; what it can do without it puts aside, so that nothing is written over.
 */
export function inspectFolder(inspected: InspectedFolder): readonly FolderFinding[] {
  if (inspected.hasStore) requireStore(inspected);
  return [
    ...(inspected.hasStore ? inspectLog(inspected, "echoo.db") : []),
    ...inspectJournal(inspected),
    ...inspectLog(inspected, "journal.db"),
    ...(inspected.keepsSecret ? inspectSecret(inspected) : []),
  ];
}

function requireStore({ folder, isAudited }: InspectedFolder): void {
  const path = join(folder, "echoo.db");
  const size = sizeOf(path) ?? 0;
  if (size === 0) {
    const traces = tracesOfUse(folder, ["echoo.db-wal", "journal.db", "server-secret"], isAudited);
    if (traces.length === 0) return;
    throw new DataFolderError(
      `${path} is ${sizeOf(path) === undefined ? "missing" : "empty"}, but the folder was in use: it has ` +
        `${traces.join(", ")}. Nothing was changed. Restore ${path} from a backup, or, to begin with nothing, move all ` +
        "other files out of the folder. If the calls are in MongoDB, set MONGODB_URI.",
    );
  }
  if (isLogMissing(path)) {
    throw new DataFolderError(
      `${path}-wal is missing, but ${path} was not closed: what was written last was in it. Nothing was changed. Put it ` +
        `back, or restore a backup; to go on without what it held, delete ${path}-shm.`,
    );
  }
}

/**
 * SQLite removes the shared memory before the log, so one without the other was removed by another program or person.
 */
function isLogMissing(path: string): boolean {
  return sizeOf(`${path}-shm`) !== undefined && sizeOf(`${path}-wal`) === undefined;
}

/** Calls go on without the last journal, so it never stops a start. */
function inspectJournal({ folder, now, isAudited }: InspectedFolder): FolderFinding[] {
  const file = "journal.db";
  const path = join(folder, file);
  const size = sizeOf(path);
  if ((size ?? 0) > 0) {
    if (!isLogMissing(path)) return [];
    const sentence = `${path}-wal is missing: what it held of calls under way and of records that waited is lost`;
    return [{ file, sentence, isDamage: true }];
  }
  const state = size === undefined ? "missing" : "empty";
  const hasLog = (sizeOf(`${path}-wal`) ?? 0) > 0;
  // A first start that was cut short leaves an empty one, and nothing is lost with it.
  if (!hasLog && tracesOfUse(folder, ["server-secret"], isAudited).length === 0) return [];
  if (hasLog || size !== undefined) {
    const aside = setFileAside(path, now);
    const sentence = `${path} is ${state}: calls under way and records that waited are lost; what there is was moved to ${aside}`;
    return [{ file, sentence, isDamage: true }];
  }
  const sentence = `${path} is missing though the folder was in use: what it held, calls under way and records that waited, is not there`;
  return [{ file, sentence, isDamage: false }];
}

/** Tokens are kept in the store and do not depend on it, so no user is logged out; but what it signed is void. */
function inspectSecret({ folder, isAudited }: InspectedFolder): FolderFinding[] {
  const file = "server-secret";
  const path = join(folder, file);
  if (sizeOf(path) !== undefined) return [];
  const traces = tracesOfUse(folder, ["echoo.db", "journal.db"], isAudited);
  if (traces.length === 0) return [];
  const sentence =
    `${path} is missing though the folder was in use: it has ${traces.join(", ")}. A new one is made: invitations and ` +
    "codes that are open are void, and the audit log has new keys for its users. To keep them, stop the server and put " +
    "the file back, or set ECHOO_SECRET to what was in it";
  return [{ file, sentence, isDamage: false }];
}

/** SQLite writes over what lies behind a broken page of a log, so the log is kept as it was. */
function inspectLog({ folder, now }: InspectedFolder, file: string): FolderFinding[] {
  const path = join(folder, `${file}-wal`);
  const damage = (sizeOf(path) ?? 0) > 0 ? walDamage(path) : undefined;
  if (damage === undefined) return [];
  const aside = asideName(path, now);
  copyFileSync(path, aside);
  return [{ file, sentence: describeLog(path, damage, aside), isDamage: true }];
}

function describeLog(path: string, { readable, lost }: WalDamage, aside: string): string {
  return (
    `${path} is damaged, as after a power cut or by a failing disk: ${readable} pages of it can be read, and ${lost} ` +
    `behind them, which were written last, cannot. It was copied to ${aside}`
  );
}

/** Moves a database and what belongs to it out of the way; tells where it is now. */
export function setFileAside(path: string, now: Instant): string {
  const aside = asideName(path, now);
  for (const ending of ["", "-wal", "-shm"]) {
    if (sizeOf(path + ending) !== undefined) renameSync(path + ending, aside + ending);
  }
  return aside;
}
