import type { Migration } from "../../sqlite/migrate.ts";

/**
 * Calls have the devices that a push service can wake, and what these are still to be told (format 4). A program that does
 * not know of them would take such a call for damaged: it refuses the journal as a whole.
 */
export const pushedDevices: Migration = { version: 7, sql: "SELECT 1" };
