import type { Migration } from "../../sqlite/migrate.ts";

/** Bodies of format 2 lie in the same tables; a program that knows format 1 alone refuses the journal as a whole. */
export const waitingDevices: Migration = {
  version: 4,
  sql: "",
};
