import type { ServerMessage } from "@echoo/protocol";
import type { Steady } from "../ports/clock.ts";
import type { PushOutcome } from "../ports/push-service.ts";
import type { CandidateOrEnd, Device } from "./call.ts";
import type { CalleeFacts } from "./callee-facts.ts";
import type { PushSlot } from "./push/push-slot.ts";
import type { CallRecord } from "./record.ts";

/** A device that did something to a call, and whether it asked for an acknowledgement. */
export interface Sender {
  readonly user: string;
  readonly session: string;
  readonly wantsAck: boolean;
}

/** Everything that can happen to one call. */
export type CallInput = { readonly nowMs: Steady } & (
  | { readonly type: "time" }
  | { readonly type: "ringing"; readonly by: Sender }
  | {
      readonly type: "answer";
      readonly by: Sender;
      readonly sdp: string;
      readonly neg?: number;
      /** Another live call of the answering user, which holds its lock. */
      readonly lockedBy?: string;
    }
  | {
      readonly type: "offerAgain";
      readonly by: Sender;
      readonly sdp: string;
      readonly neg?: number;
      readonly isVideo: boolean;
      /** From a new connection: what the peer had open belongs to one that is gone. */
      readonly renew?: true;
    }
  | { readonly type: "offerRefused"; readonly by: Sender; readonly neg?: number }
  | { readonly type: "candidate"; readonly by: Sender; readonly candidate: CandidateOrEnd }
  | { readonly type: "connected"; readonly by: Sender }
  | { readonly type: "reject"; readonly by: Sender; readonly busy: boolean }
  | { readonly type: "hangup"; readonly by: Sender; readonly iceFailed: boolean }
  /** A device of the callee came online. `isTaken`: it shows one call, and has another. */
  | { readonly type: "online"; readonly device: Device; readonly isTaken: boolean }
  /** A device that shows one call has another on its screen now. */
  | { readonly type: "screenTaken"; readonly session: string }
  /** A device that shows one call has none. */
  | { readonly type: "screenFree"; readonly session: string }
  /** A device that this rings on may not have heard it. */
  | { readonly type: "ringAgain"; readonly session: string }
  /**
   * A session's socket is gone; proven: its last proof of life; returns: how long its page, which said goodbye, may take
   * to be loaded anew.
   */
  | { readonly type: "lost"; readonly session: string; readonly provenAtMs: Steady; readonly returnsInMs?: number }
  /** A session's socket is there again. */
  | { readonly type: "back"; readonly session: string }
  /**
   * A new session of the same device takes a leg over. `joinNumber`: of the join, among those of its user on all nodes,
   * where there are several; a session that once had the leg, and is not its last, takes it by a higher one.
   */
  | { readonly type: "rebound"; readonly from: string; readonly to: Device; readonly joinNumber?: number }
  /** The session is over: left, or replaced by a join that names none. */
  | { readonly type: "gone"; readonly session: string; readonly by?: Sender }
  /** The session did not come back in time; only offered devices care, legs have deadlines of their own. */
  | { readonly type: "sessionExpired"; readonly session: string }
  /**
   * The callee has another live call now; `dialled`: the session that has just placed it, where that one cannot tell
   * calls apart and must not hear of this end. Below likewise.
   */
  | { readonly type: "calleeTaken"; readonly dialled?: string }
  /** A newer offer of this user takes its place; `dialled`: the session that made it. */
  | { readonly type: "superseded"; readonly user: string; readonly dialled?: string }
  /** A token was revoked or an administrator ended it. */
  | { readonly type: "adminEnd" }
  /** A glare's first offer whose leg is lost gives way to the second, which `dialled` made. */
  | { readonly type: "giveWay"; readonly dialled?: string }
  /** The second dialler of a glare; `attempt` is the id it proposed, or was given. */
  | {
      readonly type: "merge";
      readonly dialler: Device;
      readonly attempt: string;
      readonly proposed: boolean;
      readonly id?: string;
    }
  /** The node went down and came back. `adopted`: another node goes on with the call, and sessions elsewhere live. */
  | { readonly type: "restarted"; readonly provenAtMs: Steady; readonly adopted?: true }
  /** What the callee wants was read. */
  | {
      readonly type: "screened";
      readonly callee: CalleeFacts;
      readonly calleeLive: boolean;
      /** Sessions of the callee that show one call, and have another. */
      readonly taken: ReadonlySet<string>;
    }
  /** What came of a push to a device. */
  | {
      readonly type: "pushed";
      readonly kind: "ring" | "stop";
      readonly device: string;
      readonly outcome: PushOutcome;
    }
  /** A device that was woken says so by its ticket, without a session. */
  | { readonly type: "pushRinging"; readonly device: string }
  | { readonly type: "pushReject"; readonly device: string; readonly busy: boolean }
);

type WithoutTime<T> = T extends unknown ? Omit<T, "nowMs"> : never;

/** Something that happened to a call, before it is known when that counts: its home gives it the time. */
export type TimelessInput = WithoutTime<CallInput>;

/** What is to be done; data that the engine carries out. */
export type Effect =
  | {
      readonly type: "send";
      readonly to: string;
      readonly message: ServerMessage;
      /**
       * The call that decided this and was left as it is. What has no change to go with is told all the same, after
       * everything that the same call has said before.
       */
      readonly unchanged?: string;
    }
  /** A session has lost its leg to another one of its device, and is over. */
  | { readonly type: "replaced"; readonly session: string; readonly callId: string }
  | { readonly type: "record"; readonly record: CallRecord }
  /** This user has a live call now: every other ring to it ends busy. */
  | { readonly type: "claim"; readonly user: string; readonly callId: string; readonly dialled?: string }
  /** A push is due: `slot` says to which device, and what it is to be told. */
  | { readonly type: "push"; readonly callId: string; readonly kind: "ring" | "stop"; readonly slot: PushSlot };
