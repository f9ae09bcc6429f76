const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** How much the audit log writes and keeps. */
export const auditBounds = {
  /** Entries of one kind by one user, or refused to one network, that are written singly in an hour. */
  perSourceAnHour: 30,
  /** Entries of one kind that are written singly in a minute; what is beyond it is counted. */
  perEventAMinute: 600,
  refusalsAMinute: 60,
  /** Users and networks that are told apart within an hour; of those beyond it entries are counted. */
  sourcesMax: 100_000,
  sumUpEveryMs: minuteMs,
  sourceWindowMs: hourMs,
  /** Of the sources of a sum. */
  countedSourcesMax: 1_000,
  /** A file as large, or one whose first entry is as old, is put away and a new one begun. */
  fileBytes: 8 * 1024 * 1024,
  fileMs: 30 * 24 * hourMs,
  /** Files put away that are kept, and how long after their last entry: about 100 MiB, and a year, in all. */
  oldFiles: 12,
  oldFileMs: 365 * 24 * hourMs,
} as const;

export type AuditFileBounds = Readonly<Record<"fileBytes" | "fileMs" | "oldFiles" | "oldFileMs", number>>;
