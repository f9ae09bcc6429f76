export { Damage } from "./data-folder/damage.ts";
export { DataFolderInUse, FolderLock } from "./data-folder/folder-lock.ts";
export { sizeOf } from "./data-folder/folder-traces.ts";
export { inspectFolder, setFileAside } from "./data-folder/inspect-folder.ts";
export { describeHolder, readHolder } from "./data-folder/lock-holder.ts";
export { damageOf, lookForDamage } from "./data-folder/look-for-damage.ts";
export { writersBesides } from "./data-folder/writers-besides.ts";
export { journalMigrations } from "./journal/migrations/journal-migrations.ts";
export type { OpenJournal } from "./journal/open-journal.ts";
export { openSqliteJournal } from "./journal/open-sqlite-journal.ts";
export { readJournal } from "./journal/read-journal.ts";
export type { SetAside } from "./journal/set-aside-table.ts";
export { samplePages } from "./records/read-samples.ts";
export { recordBounds } from "./records/record-bounds.ts";
export { RecordWriter } from "./records/record-writer.ts";
export { resumeErasures } from "./records/resume-erasures.ts";
export { Retention } from "./records/retention.ts";
export type { Side } from "./records/side.ts";
export { DataFolderError } from "./sqlite/data-folder-error.ts";
export { requireAlone } from "./sqlite/require-alone.ts";
export { isCorrupt } from "./sqlite/sqlite-fault.ts";
export { openMongoStore } from "./store-mongo/open-mongo-store.ts";
export { openSqliteStore, type SqliteStore } from "./store-sqlite/open-sqlite-store.ts";
export { canonicalText } from "./tables/canonical-text.ts";
export { checkStore, type Repairs } from "./tables/check/check-store.ts";
export type { Finding } from "./tables/check/findings.ts";
export type { JournalContent } from "./tables/check/journal-content.ts";
export { compareTables, isSame, type TableComparison } from "./tables/compare-tables.ts";
export { type CopyProgress, copyTables, filledTables } from "./tables/copy-tables.ts";
export {
  type CopyMark,
  type StoreTables,
  type TableEntries,
  type TableName,
  tableKinds,
  tableNames,
} from "./tables/store-tables.ts";
export { steps } from "./tables/table-checksum.ts";
