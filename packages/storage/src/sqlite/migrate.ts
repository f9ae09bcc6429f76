import { DataFolderError } from "./data-folder-error.ts";

/** One step of a schema, applied once and never edited afterwards. The first is number 1. */
export interface Migration {
  readonly version: number;
  readonly sql: string;
}

/** What a migration needs of a file. */
interface MigratedFile {
  readonly path: string;
  userVersion(): number;
  hasTables(): boolean;
  transaction(run: () => void): void;
  exec(sql: string): void;
}

/** Brings the file to the newest schema, each step in a transaction of its own. */
export function migrate(file: MigratedFile, migrations: readonly Migration[]): void {
  const known = newest(migrations);
  const found = file.userVersion();
  if (found > known) {
    throw new DataFolderError(
      `${file.path} was written by a newer version of Echoo (its schema is ${found}, this program knows ${known}). ` +
        "Run that version, or use another folder.",
    );
  }
  if (found === 0 && file.hasTables()) {
    throw new DataFolderError(`${file.path} is a database of another program. Move it away, or use another folder.`);
  }
  for (const migration of migrations) {
    if (migration.version <= found) continue;
    file.transaction(() => {
      file.exec(migration.sql);
      // Part of the transaction: a crash leaves either the whole step or nothing of it.
      file.exec(`PRAGMA user_version = ${migration.version}`);
    });
  }
}

function newest(migrations: readonly Migration[]): number {
  return migrations.at(-1)?.version ?? 0;
}

/**
 * For commands that must change nothing: refuses a file of an older schema, and one that has none. A newer one is
 * `migrate`'s.
 */
export function requireNewest(file: MigratedFile, migrations: readonly Migration[], remedy?: string): void {
  const [known, found] = [newest(migrations), file.userVersion()];
  if (found === 0) throw new DataFolderError(`${file.path} is no database of Echoo.`);
  if (found < known) {
    throw new DataFolderError(
      `${file.path} has the schema ${found} of an older version of Echoo, and this program needs ${known}. ` +
        (remedy ?? `Run echoo store migrate --store sqlite:${file.path} first.`),
    );
  }
}
