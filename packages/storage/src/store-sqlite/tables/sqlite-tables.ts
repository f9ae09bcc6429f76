import type { SqliteFile } from "../../sqlite/sqlite-file.ts";
import type { StoreTables, TablesOptions } from "../../tables/store-tables.ts";
import {
  codesTable,
  erasuresTable,
  invitationsTable,
  tokensTable,
  usersTable,
  withdrawalsTable,
} from "./account-tables.ts";
import { callsTable } from "./calls-table.ts";
import { readCopyMark, writeCopyMark } from "./copy-mark.ts";
import { inspectFile } from "./inspect-file.ts";
import { blocksTable, contactsTable } from "./list-tables.ts";
import { keysTable, pushDevicesTable } from "./push-tables.ts";
import { qualityHoursTable, qualityMarksTable, reportsTable } from "./report-tables.ts";
import { samplesTable, statisticsTable } from "./statistics-tables.ts";
import { webhookSubjectsTable, webhooksTable } from "./webhook-tables.ts";

/** The file's content in the form that all stores share. */
export function sqliteTables(file: SqliteFile, options: TablesOptions): StoreTables {
  return {
    tables: {
      users: usersTable(file),
      erasures: erasuresTable(file),
      contacts: contactsTable(file),
      blocks: blocksTable(file),
      tokens: tokensTable(file, options),
      codes: codesTable(file, options),
      invitations: invitationsTable(file, options),
      withdrawals: withdrawalsTable(file, options),
      pushDevices: pushDevicesTable(file, options),
      keys: keysTable(file),
      calls: callsTable(file),
      statistics: statisticsTable(file),
      samples: samplesTable(file),
      reports: reportsTable(file),
      qualityHours: qualityHoursTable(file),
      qualityMarks: qualityMarksTable(file),
      webhooks: webhooksTable(file),
      webhookSubjects: webhookSubjectsTable(file),
    },
    readCopyMark: async () => readCopyMark(file),
    writeCopyMark: async (mark) => writeCopyMark(file, mark),
    inspect: async (limit) => inspectFile(file, limit),
  };
}
