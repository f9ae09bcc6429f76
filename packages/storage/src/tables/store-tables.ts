import type {
  Block,
  Contact,
  Erasure,
  Instant,
  PendingCode,
  PushDevice,
  ServerKey,
  SideSummary,
  StoredCall,
  Token,
  User,
  Webhook,
  WebhookSubject,
  Withdrawal,
} from "@echoo/core";

/** How one party sees a call; who has no view does not find it in their history. */
export interface CallView {
  readonly viewer: string;
  readonly state: "seen" | "unseen" | "hidden";
}

/** A call with all that its parties see of it. The views are in the order of `byCodePoint`. */
export interface KeptCall {
  readonly call: StoredCall;
  readonly views: readonly CallView[];
}

/** A list as a whole, by the number of its owner: some stores keep it as one document. */
export interface ContactList {
  readonly owner: string;
  readonly list: readonly Contact[];
}

export interface BlockList {
  readonly owner: string;
  readonly list: readonly Block[];
}

/** What is known of a redeemed invitation, or of one that is being redeemed. */
export interface KeptInvitation {
  readonly id: string;
  readonly claimId: string;
  readonly claimant: string;
  readonly sinceMs: Instant;
  readonly untilMs: Instant;
  readonly used: boolean;
  readonly expiresAtMs: Instant;
}

export interface KeptStatistics {
  readonly callId: string;
  readonly reporter: string;
  readonly summary?: SideSummary;
  readonly reported?: string;
  readonly reportedAtMs?: Instant;
  readonly updatedAtMs: Instant;
}

export interface KeptSamples {
  readonly callId: string;
  readonly reporter: string;
  readonly batch: string;
  readonly receivedAtMs: Instant;
  /** JSON, and every character of it as it is stored. */
  readonly samples: string;
}

export interface KeptReport {
  readonly callId: string;
  readonly reporter: string;
  readonly receivedAtMs: Instant;
  readonly shiftMs?: number;
  /** JSON, and every character of it as it is stored. */
  readonly events: string;
}

export interface KeptQualityHour {
  readonly hourMs: Instant;
  readonly dimension: string;
  /** JSON, likewise. */
  readonly groups: string;
}

/** An hour that is to be counted anew. */
export interface KeptQualityMark {
  readonly hourMs: Instant;
  readonly marks: number;
}

/** Everything durable, in one form for every store: what lies differently is the same here. */
export interface TableEntries {
  readonly users: User;
  /** Those that have not ended: a server that opens the copy goes on with them. */
  readonly erasures: Erasure;
  readonly contacts: ContactList;
  readonly blocks: BlockList;
  readonly tokens: Token;
  readonly codes: PendingCode;
  readonly invitations: KeptInvitation;
  readonly withdrawals: Withdrawal;
  readonly pushDevices: PushDevice;
  readonly keys: ServerKey;
  readonly calls: KeptCall;
  readonly statistics: KeptStatistics;
  readonly samples: KeptSamples;
  readonly reports: KeptReport;
  readonly qualityHours: KeptQualityHour;
  readonly qualityMarks: KeptQualityMark;
  readonly webhooks: Webhook;
  readonly webhookSubjects: WebhookSubject;
}

export type TableName = keyof TableEntries;
/** What identifies an entry within its table. */
export type Key = readonly [string, ...string[]];

interface TableKind<T> {
  readonly key: (entry: T) => Key;
  /** How many entries are held in memory at once: a list may have 1 MB, a batch of samples 200 KB. */
  readonly perStep: number;
}

/** Every table, in the order in which they are copied. */
export const tableKinds: { readonly [N in TableName]: TableKind<TableEntries[N]> } = {
  users: { key: ({ id }) => [id], perStep: 500 },
  erasures: { key: ({ userId }) => [userId], perStep: 500 },
  contacts: { key: ({ owner }) => [owner], perStep: 25 },
  blocks: { key: ({ owner }) => [owner], perStep: 25 },
  tokens: { key: ({ id }) => [id], perStep: 500 },
  codes: { key: ({ userId, asker }) => [userId, asker], perStep: 500 },
  invitations: { key: ({ id }) => [id], perStep: 500 },
  withdrawals: { key: ({ key }) => [key], perStep: 500 },
  // After the tokens, which say whether a device lives.
  pushDevices: { key: ({ userId, deviceId }) => [userId, deviceId], perStep: 200 },
  keys: { key: ({ name }) => [name], perStep: 100 },
  calls: { key: ({ call }) => [call.callId], perStep: 500 },
  statistics: { key: ({ callId, reporter }) => [callId, reporter], perStep: 200 },
  samples: { key: ({ callId, reporter, batch }) => [callId, reporter, batch], perStep: 200 },
  reports: { key: ({ callId, reporter }) => [callId, reporter], perStep: 200 },
  qualityHours: { key: ({ dimension, hourMs }) => [dimension, String(hourMs)], perStep: 200 },
  qualityMarks: { key: ({ hourMs }) => [String(hourMs)], perStep: 500 },
  webhooks: { key: ({ id }) => [id], perStep: 100 },
  webhookSubjects: { key: ({ uid }) => [uid], perStep: 100 },
};

export const tableNames = Object.keys(tableKinds) as readonly TableName[];

interface Step<T> {
  readonly entries: readonly T[];
  /** Where the next step begins; absent at the end of the table. Good for other processes as well. */
  readonly next?: string;
}

export interface Table<T> {
  /** About how many there are. */
  count(): Promise<number>;
  /** The next entries in an order of the store's own, in which none is left out or repeated while others write. */
  read(from: string | undefined, limit: number): Promise<Step<T>>;
  /** Those of the keys that exist, in no order. */
  find(keys: readonly Key[]): Promise<readonly T[]>;
  /** Puts each entry into the place of the one with its key, if there is one. Again: changes nothing. */
  put(entries: readonly T[]): Promise<void>;
  /** Deletes everything. */
  clear(): Promise<void>;
}

/** What a copy under way leaves in its target. A server refuses a store that has it. */
export interface CopyMark {
  /** Names the source, without secrets. */
  readonly from: string;
  readonly doneTables: readonly TableName[];
  /** Where the table that comes after those goes on. */
  readonly next?: string;
}

/** A store's own form broken: what the tables cannot show. */
export interface Defect {
  /** A sentence about one entry. */
  readonly what: string;
  readonly remedy: string;
  readonly key: string;
}

export interface StoreTables {
  readonly tables: { readonly [N in TableName]: Table<TableEntries[N]> };
  readCopyMark(): Promise<CopyMark | undefined>;
  /** Undefined takes the mark away. */
  writeCopyMark(mark: CopyMark | undefined): Promise<void>;
  /** Looks at indexes and at what is stored twice, at most so many defects of a kind. */
  inspect(limitPerKind: number): Promise<readonly Defect[]>;
}

/** By their UTF-8 bytes: the order of both databases. */
export function byCodePoint(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/**
 * Of the tables that hold what expires only the living entries are shown: a database deletes the others when it likes.
 */
export interface TablesOptions {
  readonly nowMs: Instant;
}
