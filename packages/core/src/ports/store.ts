import type { EndedCall } from "../call/record.ts";
import type { SideSummary } from "../quality/summary.ts";
import type { CallsLook, UsersQuery } from "./admin/looks.ts";
import type { Instant } from "./clock.ts";
import type { ReportedStats, SampleBatch } from "./journal.ts";
import type { PushDevices, ServerKeys } from "./push-devices.ts";
import type { QualityHours } from "./told/quality-hours.ts";
import type { Reports } from "./told/reports.ts";
import type { MadeVerdict, StoredCall } from "./told/stored-call.ts";

export type { MadeVerdict, StoredCall } from "./told/stored-call.ts";

import type { Webhooks } from "./webhooks/webhooks.ts";

/** How a number was proven. Open access and development codes prove nothing, and leave it absent. */
export type Proof = "invite" | "code" | "jwt";
export type PresenceChoice = "everyone" | "contacts" | "nobody";

export interface User {
  readonly id: string;
  readonly displayName?: string;
  readonly presence: PresenceChoice;
  readonly doNotDisturb: boolean;
  readonly proof?: Proof;
  readonly admin: boolean;
  /** An administrator took sign-in away: offline to others, and let in by nothing. */
  readonly suspended?: true;
  readonly createdAtMs: Instant;
  readonly lastSeenAtMs?: Instant;
}

export interface UserChanges {
  readonly displayName?: string;
  readonly presence?: PresenceChoice;
  readonly doNotDisturb?: boolean;
  readonly proof?: Proof;
  readonly admin?: boolean;
  readonly suspended?: boolean;
  readonly lastSeenAtMs?: Instant;
}

export interface Users {
  find(id: string): Promise<User | undefined>;
  /** Those of the given users that exist, in no order. */
  findMany(ids: readonly string[]): Promise<readonly User[]>;
  /**
   * Creates the user unless it exists; of two at once exactly one is told `created`. What is absent in `initial` is
   * presence for everyone, reachable, no administrator. A user that exists is not changed, and one whose erasure has
   * not ended is not created: it throws `StoreUnavailable`.
   */
  ensure(id: string, initial: UserChanges, nowMs: Instant): Promise<{ readonly user: User; readonly created: boolean }>;
  update(id: string, changes: UserChanges): Promise<User | undefined>;
  /** Whether there is an administrator at all. */
  hasAdmin(): Promise<boolean>;
  /** By number, by code point; at most `limit`. */
  list(query: UsersQuery): Promise<readonly User[]>;
  /** Of several at once, and whatever they are told, one administrator is left: the last one is told `last`. */
  removeAdmin(id: string): Promise<"removed" | "last" | "none">;
  /**
   * Erases the account with its tokens, codes, contacts and blocks (its own and others' of it), views and statistics,
   * and writes `replacement` for its number in every call and in what others reported of them; its devices go from the
   * calls. Running it again changes nothing. What is still queued for the store is the caller's: see
   * `RecordWriter.erase`. The account goes at once, the rest in steps: see `isErasing`. While an erasure is unfinished,
   * and after a process that died in it, another one of the same account goes on with it and with its replacement.
   */
  erase(id: string, replacement: string): Promise<void>;
  /**
   * Whether an erasure of this account has begun and not ended. Until then `ensure` throws `StoreUnavailable` for it,
   * and what is left under its number is not to be shown to a later owner of that number.
   */
  isErasing(id: string): Promise<boolean>;
  /** Erasures that have begun and not ended, at most so many, for a process that starts to go on with. */
  unfinishedErasures(limit: number): Promise<readonly Erasure[]>;
}

export interface Erasure {
  readonly userId: string;
  readonly replacement: string;
}

export interface Token {
  /** Public: names the token in lists; not the secret. */
  readonly id: string;
  readonly userId: string;
  /** SHA-256 of the secret, hex. */
  readonly hash: string;
  readonly device?: string;
  readonly createdAtMs: Instant;
  readonly lastUsedAtMs: Instant;
  readonly expiresAtMs: Instant;
}

export interface Tokens {
  insert(token: Token): Promise<void>;
  /** Expired ones are never found. */
  findByHash(hash: string, nowMs: Instant): Promise<Token | undefined>;
  /** Tells the end that it has now: no use takes it back, whatever was done to a clock. */
  touch(id: string, lastUsedAtMs: Instant, expiresAtMs: Instant): Promise<Instant>;
  /** The living ones of a user, newest first. */
  list(userId: string, nowMs: Instant): Promise<readonly Token[]>;
  /** Whether there was such a token of this user. */
  revoke(userId: string, id: string): Promise<boolean>;
}

/** A one-time code under way: of each number one for each who asked. */
export interface PendingCode {
  readonly userId: string;
  /** Who asked for it; opaque, so that no address is kept here. */
  readonly asker: string;
  /** Hash of the challenge under which it was given to the client that asked. */
  readonly challenge: string;
  /** HMAC of the code, hex. */
  readonly hash: string;
  readonly sentAtMs: Instant;
  readonly expiresAtMs: Instant;
  /** Of the client that asked for it. */
  readonly triesLeft: number;
  /** Of all other clients together. */
  readonly othersTriesLeft: number;
}

export interface Codes {
  /**
   * Takes the place of that asker's earlier code for the number. Beyond so many codes of a number the oldest goes; of
   * several at once more may be left until the next one comes.
   */
  put(code: PendingCode, maxOfUser: number): Promise<void>;
  /** Those of a number that have not expired, the newest first; one without tries left is among them. */
  list(userId: string, nowMs: Instant): Promise<readonly PendingCode[]>;
  /** Takes one try atomically and tells what is left; undefined when none was left or no such code is pending. */
  takeTry(userId: string, asker: string, by: "asker" | "others", nowMs: Instant): Promise<PendingCode | undefined>;
  /** Of two at once exactly one is told true. */
  consume(userId: string, asker: string, hash: string): Promise<boolean>;
}

/** One attempt to redeem an invitation. */
export interface InvitationClaim {
  readonly invitationId: string;
  /** Names this attempt. */
  readonly claimId: string;
  /** For whom; opaque, so that no number is kept here. */
  readonly claimant: string;
  readonly nowMs: Instant;
  /**
   * Until then no other client gets the invitation. An attempt that was not completed by then has failed, and so has
   * one that ends later than this by more than its length: it was made before the clock was set back.
   */
  readonly untilMs: Instant;
  /** When the invitation itself expires. What is known of it is kept for at least a day longer. */
  readonly expiresAtMs: Instant;
}

export type ClaimOutcome =
  /** `sinceMs`: when an attempt for the same claimant began first, with none for another in between. */
  | { readonly state: "claimed"; readonly sinceMs: Instant }
  | { readonly state: "busy"; readonly untilMs: Instant }
  | { readonly state: "used" };

/**
 * Which invitations were redeemed. An invitation itself is not stored: its signature says that it is one. Redeeming
 * takes two steps, so that a process that dies in between leaves it usable.
 */
export interface Invitations {
  /** Of several at once exactly one is told `claimed`. */
  claim(claim: InvitationClaim): Promise<ClaimOutcome>;
  /** Redeems it for good. False when the claim lapsed and another client took its place. */
  complete(invitationId: string, claimId: string): Promise<boolean>;
  isUsed(invitationId: string): Promise<boolean>;
  /** The attempt broke off: any client may claim at once, and the one that broke off is still known. */
  lapse(invitationId: string, claimId: string): Promise<void>;
  /** Gives the invitation back, as if it had not been claimed. One that was completed stays so. */
  release(invitationId: string, claimId: string): Promise<void>;
}

/**
 * What was logged out of the host product's tokens, which it alone can end: one of them, or all of a user's. The names
 * are keyed hashes, so that an erased user is not remembered by them.
 */
export interface Withdrawal {
  /** Names the token, or the user where all of theirs are meant. */
  readonly key: string;
  /** Names the user. */
  readonly owner: string;
  readonly atMs: Instant;
  /** Nothing of what it ends would be good any more by then. */
  readonly expiresAtMs: Instant;
}

export interface WithdrawalBounds {
  readonly maxOfOwner: number;
  readonly maxInAll: number;
}

export interface Withdrawals {
  /**
   * Keeps it; of one that is there already the later times stand. `full` when its owner has `maxOfOwner` others: then
   * it is not kept. Beyond `maxInAll` those go that expire first. Of several at once a few more than either may stay.
   */
  put(withdrawal: Withdrawal, bounds: WithdrawalBounds, nowMs: Instant): Promise<"kept" | "full">;
  /** Those with these keys that have not expired, in no order. */
  find(keys: readonly string[], nowMs: Instant): Promise<readonly Withdrawal[]>;
}

export interface Contact {
  readonly contact: string;
  readonly name: string;
  readonly createdAtMs: Instant;
}

export interface Contacts {
  /** By name, then number, both by code point. */
  list(owner: string): Promise<readonly Contact[]>;
  /** Tells whether it is new; `full` when the owner has `maxContacts` already. One that is known keeps its time. */
  put(owner: string, contact: Contact, maxContacts: number): Promise<"created" | "updated" | "full">;
  remove(owner: string, contact: string): Promise<boolean>;
}

export interface Block {
  readonly blocked: string;
  readonly createdAtMs: Instant;
}

export interface Blocks {
  /** By number. */
  list(owner: string): Promise<readonly Block[]>;
  put(owner: string, block: Block, maxBlocks: number): Promise<"created" | "known" | "full">;
  remove(owner: string, blocked: string): Promise<boolean>;
}

/** A call as one viewer's history has it. */
export interface ViewedCall {
  readonly call: StoredCall;
  /** False only for a missed call that came in and was not marked since. */
  readonly seen: boolean;
}

export interface HistoryQuery {
  readonly viewer: string;
  /** The calls that the viewer hid, instead of all others. */
  readonly hidden?: true;
  readonly limit: number;
  /**
   * Opaque; from an earlier page. A page never repeats or skips a call that existed at the first. Anything else
   * throws `InvalidCursor`.
   */
  readonly cursor?: string;
  readonly direction?: "incoming" | "outgoing";
  readonly status?: "completed" | "failed" | "rejected" | "missed";
  /** Created then or later. */
  readonly sinceMs?: Instant;
  /** Created before then. */
  readonly untilMs?: Instant;
}

export interface HistoryPage {
  /** At most `limit`. There may be fewer, or none, though there is a next page: a filter that passes few of many. */
  readonly calls: readonly ViewedCall[];
  readonly nextCursor?: string;
}

/** The calls of a viewer's history, hidden ones left out, for sums over many of them. */
export interface FiguresQuery {
  readonly viewer: string;
  /** How many calls are looked at, hidden ones included. */
  readonly limit: number;
  /** Opaque; from an earlier page. */
  readonly cursor?: string;
  /** Created then or later. */
  readonly sinceMs: Instant;
}

/** One call, as far as a sum needs it. */
export interface CallFigures {
  readonly createdAtMs: Instant;
  readonly answered: boolean;
  /** It came in, and was not answered. */
  readonly missed: boolean;
  readonly durationSec: number;
  /** The median that the viewer's own side measured, or else the peer's. */
  readonly mos?: number;
  /** Of the viewer's own side. */
  readonly dataUsedBytes?: number;
}

export interface FiguresPage {
  readonly figures: readonly CallFigures[];
  readonly nextCursor?: string;
}

export interface Calls {
  /** Newest first, by (createdAtMs, callId), by index; fewer than `limit` are the last ones. */
  look(look: CallsLook): Promise<readonly StoredCall[]>;
  /**
   * Stores ended calls. Idempotent by callId: the first stands. Replaces a reported record of the same call whole;
   * only what its viewers have seen and hidden stays so. The result are those that are not stored, for another call has
   * their id: one that was placed at another time, or one that was reported by who is no party of this one.
   */
  record(calls: readonly EndedCall[]): Promise<readonly EndedCall[]>;
  /**
   * Stores what a client says of a call; never changes one that the server saw itself. The first report stands: a
   * second one by the other party, or a shared one, only shows it to both. `conflict` when the stored call has other
   * parties, or the reporter is not one of them. Of what the reporter told of and the server did not see the newest
   * `maxPosted` calls are kept, all where it is absent: the oldest make room, and `full` says that the given one was
   * the oldest. What the other party told of as well stays that party's.
   */
  report(
    call: EndedCall,
    reporter: string,
    shared: boolean,
    maxPosted?: number,
  ): Promise<"created" | "known" | "conflict" | "full">;
  find(callId: string): Promise<StoredCall | undefined>;
  /** Those of the given calls that exist, in no order. */
  findMany(callIds: readonly string[]): Promise<readonly StoredCall[]>;
  /** Puts verdicts to their calls, each unless the one that is there is to stand: see `replacesVerdict`. */
  putVerdicts(verdicts: readonly MadeVerdict[]): Promise<void>;
  /** Newest first, by (createdAtMs, callId); hidden ones and those the viewer may not see left out. */
  page(query: HistoryQuery): Promise<HistoryPage>;
  /** Newest first, as `page` has them. */
  figures(query: FiguresQuery): Promise<FiguresPage>;
  /** Missed calls that came in, not marked and not hidden; of more than 100,000 no more are counted. */
  unseenMissed(viewer: string): Promise<number>;
  /**
   * Marks missed calls created up to the given time, itself included, as seen; tells how many changed. Many are marked
   * in steps, in between which some are and some are not.
   */
  markSeen(viewer: string, untilMs: Instant): Promise<number>;
  /** Hides the call from this viewer alone; false when it is not in their history. Again: true, nothing changes. */
  hide(viewer: string, callId: string): Promise<boolean>;
  /** Deletes the oldest calls created before the time, with their statistics, at most `limit`; tells how many. */
  sweep(beforeMs: Instant, limit: number): Promise<number>;
}

/** What one side's statistics of a call come to. */
export interface StoredSummary {
  readonly callId: string;
  readonly reporter: string;
  readonly summary?: SideSummary;
  /** What the client said by itself, as JSON. */
  readonly reported?: string;
  readonly updatedAtMs: Instant;
}

export interface SamplePage {
  /** So few that reading them is one short step. */
  readonly batches: readonly SampleBatch[];
  /** For the next page; absent on the last one. */
  readonly next?: string;
}

export interface Statistics {
  /** Keeps samples; the same batch again changes nothing. */
  addSamples(batches: readonly SampleBatch[]): Promise<void>;
  /** Some batches of a call and reporter, by the names of batches, from the first one after `after` on. */
  samplePage(callId: string, reporter: string, after?: string): Promise<SamplePage>;
  /**
   * Writes what is left of batches over what is stored of them, and deletes those of which nothing is left. Makes none:
   * one that is not there stays away.
   */
  thinSamples(batches: readonly SampleBatch[]): Promise<void>;
  putSummary(callId: string, reporter: string, summary: SideSummary, nowMs: Instant): Promise<void>;
  /** Keeps what clients said, besides any summary. Of one side the report with the latest `receivedAtMs` stands. */
  putReported(reported: readonly ReportedStats[]): Promise<void>;
  /** Summaries of these calls, of both sides, in no order. */
  summaries(callIds: readonly string[]): Promise<readonly StoredSummary[]>;
  /** Deletes the oldest batches received before the time, at most `limit`; tells how many. */
  sweepSamples(beforeMs: Instant, limit: number): Promise<number>;
}

/**
 * Everything durable. One conformance suite runs against each adapter. A method that cannot reach the database
 * throws `StoreUnavailable` within the adapter's own time limit; it never hangs. Any string is stored as data and comes
 * back as it was, but for lone surrogates and NUL, which no database keeps: they come back, and are found, as U+FFFD.
 */
export interface Store {
  readonly kind: "sqlite" | "mongodb";
  readonly users: Users;
  readonly tokens: Tokens;
  readonly codes: Codes;
  readonly invitations: Invitations;
  readonly withdrawals: Withdrawals;
  readonly pushDevices: PushDevices;
  readonly keys: ServerKeys;
  readonly contacts: Contacts;
  readonly blocks: Blocks;
  readonly calls: Calls;
  readonly statistics: Statistics;
  readonly reports: Reports;
  readonly qualityHours: QualityHours;
  readonly webhooks: Webhooks;
  /** Resolves while the database answers. */
  ping(): Promise<void>;
  close(): Promise<void>;
}
