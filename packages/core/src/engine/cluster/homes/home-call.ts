import type { Call } from "../../../call/call.ts";
import type { Effect } from "../../../call/input.ts";
import type { Steady } from "../../../ports/clock.ts";
import type { NodeId } from "../../../ports/cluster/scripts.ts";
import type { Request } from "../envelopes.ts";

/** An input that another node has forwarded: told `done` by the very state that took it in. */
export interface Origin {
  readonly from: NodeId;
  readonly inputId: string;
}

/** A remote message of a batch. Without a message the session has lost its leg. */
export interface Outgoing {
  readonly to: NodeId;
  readonly k: number;
  readonly session: string;
  readonly effect: Extract<Effect, { type: "send" | "replaced" }>;
}

/** One decision about a call, on its way to the store. Nobody hears of it before it is accepted. */
export interface Batch {
  readonly rev: number;
  readonly call: Call;
  readonly local: readonly Effect[];
  readonly remote: readonly Outgoing[];
  readonly sent: Readonly<Record<NodeId, number>>;
  readonly claims: readonly string[];
  readonly record: Extract<Effect, { type: "record" }> | undefined;
  /** Of another node, or what a session of this node asked for; asked anew where another node has the call. */
  readonly origin: Origin | undefined;
  readonly request: Request | undefined;
  /** What waits until everything up to this is accepted. */
  after: (() => void)[];
  isSent: boolean;
}

/** Forwarded inputs that a call remembers to have taken in, at most. */
export const takenInputsMax = 64;

/** A call whose home this node is. */
export interface HomeCall {
  readonly id: string;
  readonly gen: number;
  /** As it was decided; the arbiter has the same. */
  call: Call;
  rev: number;
  /** Messages to each node so far. */
  sent: Record<NodeId, number>;
  /** Not accepted yet, oldest first. */
  pending: Batch[];
  /** The newest that was accepted. */
  stored: { readonly call: Call; readonly rev: number; readonly sent: Readonly<Record<NodeId, number>> } | undefined;
  /** The store gave its caller a lock. One that was over when it began has none. */
  readonly isPlaced: boolean;
  /** Answers that wait for the lock of their user. */
  claims: number;
  /** What has to wait for those. */
  afterClaims: (() => void)[];
  /** Forwarded inputs that were taken in: one that comes again changes nothing. The oldest are forgotten first. */
  readonly taken: Set<string>;
  /** It is being handed over: it takes no input. */
  isHanding: boolean;
  /** When it was over, by the steady clock. */
  endedAtMs: Steady | undefined;
}
