import type { StoreTables, TablesOptions } from "../../tables/store-tables.ts";
import type { MongoLink } from "../link/mongo-link.ts";
import { readCopyMark, writeCopyMark } from "../link/store-marks.ts";
import {
  codesTable,
  erasuresTable,
  invitationsTable,
  tokensTable,
  usersTable,
  withdrawalsTable,
} from "./account-tables.ts";
import { callsTable, samplesTable, statisticsTable } from "./call-tables.ts";
import { inspectDatabase } from "./inspect-database.ts";
import { blocksTable, contactsTable } from "./list-tables.ts";
import { keysTable, pushDevicesTable } from "./push-tables.ts";
import { qualityHoursTable, qualityMarksTable, reportsTable } from "./report-tables.ts";
import { webhookSubjectsTable, webhooksTable } from "./webhook-tables.ts";

/** The database's content in the form that all stores share. */
export function mongoTables(link: MongoLink, options: TablesOptions): StoreTables {
  return {
    tables: {
      users: usersTable(link),
      erasures: erasuresTable(link),
      contacts: contactsTable(link),
      blocks: blocksTable(link),
      tokens: tokensTable(link, options),
      codes: codesTable(link, options),
      invitations: invitationsTable(link, options),
      withdrawals: withdrawalsTable(link, options),
      pushDevices: pushDevicesTable(link, options),
      keys: keysTable(link),
      calls: callsTable(link),
      statistics: statisticsTable(link),
      samples: samplesTable(link),
      reports: reportsTable(link),
      qualityHours: qualityHoursTable(link),
      qualityMarks: qualityMarksTable(link),
      webhooks: webhooksTable(link),
      webhookSubjects: webhookSubjectsTable(link),
    },
    readCopyMark: () => readCopyMark(link),
    writeCopyMark: (mark) => writeCopyMark(link, mark),
    inspect: (limit) => inspectDatabase(link, limit),
  };
}
