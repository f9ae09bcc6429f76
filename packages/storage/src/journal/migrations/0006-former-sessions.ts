import type { Migration } from "../../sqlite/migrate.ts";

/** Bodies of format 3 lie in the same tables; a program that knows format 2 alone refuses the journal as a whole. */
export const formerSessions: Migration = {
  version: 6,
  sql: "",
};
