/** What only the tests of other packages look at; `npm run tidy` keeps it out of what is shipped. */
export { journalMigrations } from "./journal/migrations/journal-migrations.ts";
export { canonicalText } from "./tables/canonical-text.ts";
export { type CopyMark, tableKinds } from "./tables/store-tables.ts";
export { steps } from "./tables/table-checksum.ts";
