import type { Instant } from "../clock.ts";

/** One boot of a node: random, and new at each start. */
export type NodeId = string;

/** A word of a node that may not speak: it was buried, or the store has never heard of it and wants a `hello`. */
export type Fence = { readonly code: "buried" } | { readonly code: "unknown" };

/** For so long after a loss of data, or a failover, no lock is given and nothing is adopted. */
export const settlingMs = 5_000;

/** Where a call is decided, and how often that has moved. */
export interface Place {
  readonly callId: string;
  readonly home: NodeId;
  readonly gen: number;
}

/** An envelope on its way to one node; one that is not alive gets nothing. */
export interface Letter {
  readonly to: NodeId;
  readonly text: string;
}

/** A session as the others need to know it; `entry` is theirs to read. */
export interface SessionEntry {
  readonly user: string;
  readonly session: string;
  readonly entry: string;
}

/** What the store must be able to read of an unfinished call. */
export interface CallFacts {
  readonly caller: string;
  readonly callee: string;
  readonly state: "ringing" | "answered";
  /** The sessions of sides that are away: they keep their users from being rung nowhere else. */
  readonly callerAway?: string;
  readonly calleeAway?: string;
  /** The nodes of all sessions that take part: they are told who adopts the call. */
  readonly nodes: readonly NodeId[];
}

/** How a call ended: what is remembered of it for a while, and what history is to keep. */
export interface CallEnd {
  readonly tombstone: string;
  /** Absent where the record is somewhere safe already. */
  readonly record?: string;
}

/** A state of a call that its home has decided. */
export interface HomeState {
  readonly callId: string;
  readonly gen: number;
  readonly rev: number;
  readonly facts: CallFacts;
  /** Parts of the snapshot by name; for `commit` those alone that changed. */
  readonly fields: Readonly<Record<string, string>>;
  /** How many messages of this call each node has been sent, as JSON. */
  readonly sent: string;
  readonly letters: readonly Letter[];
  /** Users who have come back to this call: what else rings them ends. */
  readonly claims: readonly string[];
  readonly end?: CallEnd;
}

export interface HelloRequest {
  /** Of the store's process, as this connection saw it: another one begins an era. */
  readonly runId: string;
  /** The last entry that the node has read of its stream; entries to come are later, whatever the store's clock does. */
  readonly lastRead: string;
  /** Hashes of what must be the same on all nodes. */
  readonly secret: string;
  readonly config: string;
}

export type HelloReply =
  | { readonly code: "ok"; readonly era: string; readonly isSettling: boolean; readonly timeMs: number }
  | { readonly code: "differs"; readonly what: "secret" | "config" }
  | { readonly code: "buried" };

export type BeatReply =
  | {
      readonly code: "ok";
      /** Every living node with the count of its beats. */
      readonly nodes: Readonly<Record<NodeId, number>>;
      /** Homes that are not alive and still hold calls. */
      readonly orphaned: readonly NodeId[];
      readonly era: string;
      readonly isSettling: boolean;
      readonly timeMs: number;
      /** Records that the database has not confirmed. */
      readonly waitingRecords: number;
    }
  | Fence;

export type JoinReply =
  | {
      readonly code: "ok";
      /** The number of this join among those of its user. */
      readonly join: number;
      readonly live?: Place | { readonly callId: string };
      readonly rings: readonly Place[];
      /** Tombstones of the calls that ended in the last 15 minutes, newest first. */
      readonly ends: readonly string[];
    }
  | { readonly code: "full" }
  | Fence;

export interface PlaceRequest {
  readonly callId: string;
  readonly caller: string;
  readonly callee: string;
  /** Whether the callee's wishes let this call ring at all. */
  readonly mayRing: boolean;
}

export type PlaceReply =
  /** The caller has its lock, and these sessions of the callee are to be asked. */
  | { readonly code: "placed"; readonly createdAtMs: Instant; readonly devices: readonly SessionEntry[] }
  /** No lock was given: nothing rings. */
  | {
      readonly code: "notRung";
      readonly createdAtMs: Instant;
      readonly isCalleeLive: boolean;
      readonly devices: readonly SessionEntry[];
    }
  /** The caller has a live call. Without a home nothing is known of it but its id. */
  | { readonly code: "held"; readonly callId: string; readonly home?: NodeId; readonly gen?: number }
  /** The callee rings this caller. */
  | ({ readonly code: "glare" } & Place)
  | ({ readonly code: "used"; readonly hasEnded: boolean } & Place)
  | { readonly code: "settling" }
  | Fence;

export type ClaimReply =
  | { readonly code: "claimed" | "ended" | "settling" | "fenced" }
  /** Another call has the lock; `isAway`: this user's side of it is gone, and it may be superseded. */
  | {
      readonly code: "locked";
      readonly callId: string;
      readonly home?: NodeId;
      readonly gen?: number;
      readonly isAway: boolean;
    }
  | Fence;

export type CommitReply =
  | { readonly code: "ok"; readonly recordId?: string }
  /** Another home has the call. */
  | { readonly code: "fenced" }
  /** Another call of the same user, or of the pair the other way round, is in the way: for good, or while it settles. */
  | { readonly code: "conflict" | "wait" }
  /** The store has lost the call: it wants it whole. */
  | { readonly code: "missing" }
  | Fence;

export type AdoptReply =
  | {
      readonly code: "adopted";
      readonly gen: number;
      readonly rev: number;
      readonly facts: CallFacts;
      readonly fields: Readonly<Record<string, string>>;
      readonly sent: string;
      /** The callee of this ring has another live call by now. */
      readonly isCalleeTaken: boolean;
    }
  | ({ readonly code: "held" } & Place)
  | { readonly code: "gone" | "wait" }
  | Fence;

/** `ended`: its end is remembered. `gone`: nobody has put it back, and it is nowhere. */
export type FindReply = ({ readonly code: "held" } & Place) | { readonly code: "ended" | "gone" | "wait" };

/** An entry of a node's stream. */
export interface Entry {
  readonly id: string;
  readonly text: string;
}

/** A record that the database has not confirmed. */
export interface WaitingRecord {
  readonly id: string;
  readonly record: string;
}

/** What the store itself writes into streams; everything else is written by nodes. */
export type StoreEnvelope =
  | { readonly kind: "probe" }
  | { readonly kind: "buried"; readonly node: NodeId }
  /** The callee of this ring has another live call. */
  | { readonly kind: "taken"; readonly callId: string }
  | { readonly kind: "adopted"; readonly callId: string; readonly home: NodeId; readonly gen: number }
  | { readonly kind: "take"; readonly callId: string };

/** Who of the nodes is alive. */
export interface Membership {
  hello(node: NodeId, request: HelloRequest): HelloReply;
  /** A sign of life, and a probe into the node's own stream: one that does not read it gives none. */
  beat(node: NodeId): BeatReply;
  /**
   * Declares a node dead, if it has given no sign of life since; "own": the asker is its next boot and knows that it is.
   * From then on the store refuses whatever it sends.
   */
  bury(by: NodeId, node: NodeId, seenBeat: number | "own"): boolean;
}

/** How a user looks at one moment: what was seen later has a higher `at`, as long as the store keeps its data. */
export interface UserPresence {
  readonly user: string;
  /** The living nodes that have sessions of this user. */
  readonly nodes: readonly NodeId[];
  readonly inCall: boolean;
  readonly at: number;
}

/** Who is connected where. Sessions of dead nodes are never listed. */
export interface Directory {
  join(node: NodeId, session: SessionEntry): JoinReply;
  leave(node: NodeId, user: string, session: string): void;
  presenceOf(users: readonly string[]): readonly UserPresence[];
  /** The same, told to all nodes at that very moment. What is told may be lost on its way. */
  announce(users: readonly string[]): void;
}

/** One live call for each user. Of several at once for one user exactly one is told `placed`; all see one order. */
export interface Locks {
  place(node: NodeId, request: PlaceRequest): PlaceReply;
  /** Takes a place back whose asker has given up; nobody was told of it. */
  abandon(node: NodeId, callId: string): boolean;
  /** A call that was over when it began. */
  finishAtOnce(
    node: NodeId,
    call: { readonly callId: string } & CallEnd & Pick<CallFacts, "caller" | "callee">,
  ): CommitReply;
  /** The callee's lock, before its answer is decided. */
  claim(node: NodeId, callId: string, user: string): ClaimReply;
  unclaim(node: NodeId, callId: string, user: string): void;
}

/** Whose states of a call count. One that is not accepted has told nobody anything. */
export interface Homes {
  commit(node: NodeId, state: HomeState): CommitReply;
  /** What a home knows of a call of its own, whole, after the store may have lost some of it. */
  restore(node: NodeId, state: HomeState): CommitReply;
  /** Makes the node the home of a call whose home is no more, or of one that the store takes for the node's own. */
  adopt(node: NodeId, callId: string): AdoptReply;
  /** A home that leaves names its successor, which is told to take the call. */
  handOver(
    node: NodeId,
    at: { readonly callId: string; readonly gen: number; readonly rev: number },
    to: NodeId,
  ): boolean;
  find(callId: string): FindReply;
  /** The unfinished calls whose home this is, as far as the store knows. */
  callsOf(home: NodeId): readonly string[];
}

/** Letters to living nodes, read by each in the order in which they were written. */
export interface Bus {
  tell(node: NodeId, letter: Letter): { readonly code: "ok" | "dead" } | Fence;
  tellAll(node: NodeId, text: string): { readonly code: "ok" } | Fence;
}

/** Ended calls that the database has not confirmed. */
export interface WaitingRecords {
  /** Those that have waited for so long, oldest first. */
  waitingRecords(olderThanMs: number, atMost: number): readonly WaitingRecord[];
  recordsStored(ids: readonly string[]): void;
}

/**
 * What is decided between nodes. Each method is one step of the store: all of it happens, its letters included, or
 * nothing, and all nodes see the same order. Asking again what may have been done already does no harm.
 */
export interface Scripts extends Membership, Directory, Locks, Homes, Bus, WaitingRecords {}

/** The scripts from afar. A call rejects where it is not known whether the step was taken. */
export type RemoteScripts = {
  [K in keyof Scripts]: (...args: Parameters<Scripts[K]>) => Promise<ReturnType<Scripts[K]>>;
};
