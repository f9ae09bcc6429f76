import { DataFolderError } from "../../sqlite/data-folder-error.ts";
import type { SqliteFile } from "../../sqlite/sqlite-file.ts";
import type { CopyMark } from "../../tables/store-tables.ts";

/** The table is there while a copy into this file is unfinished, and at no other time: it is no part of the schema. */
const create = "CREATE TABLE IF NOT EXISTS copy_mark (id INTEGER PRIMARY KEY CHECK (id = 1), body TEXT NOT NULL)";

export function readCopyMark(file: SqliteFile): CopyMark | undefined {
  const table = file.prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'copy_mark'").get();
  if (table === undefined) return undefined;
  const row = file.prepare<{ body: string }>("SELECT body FROM copy_mark").get();
  return row && (JSON.parse(row.body) as CopyMark);
}

export function writeCopyMark(file: SqliteFile, mark: CopyMark | undefined): void {
  file.transaction(() => {
    if (mark === undefined) return file.exec("DROP TABLE IF EXISTS copy_mark");
    file.exec(create);
    file.prepare("INSERT OR REPLACE INTO copy_mark (id, body) VALUES (1, ?)").run(JSON.stringify(mark));
  });
}

/** Half of a history is not to be served, nor added to. */
export function requireFinished(file: SqliteFile): void {
  const mark = readCopyMark(file);
  if (mark === undefined) return;
  throw new DataFolderError(
    `${file.path} holds a part of what is copied from ${mark.from}. ` +
      `Finish it: echoo store copy --from ${mark.from} --to sqlite:${file.path}`,
  );
}
