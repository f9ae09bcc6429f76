import type { CallSummary, ClientMessage, ServerMessage } from "@echoo/protocol";
import type { Abilities } from "../../call/abilities.ts";
import type { Device } from "../../call/call.ts";
import type { TimelessInput } from "../../call/input.ts";
import type { Refused } from "../../call/step.ts";
import type { NodeId } from "../../ports/cluster/scripts.ts";

/** A session elsewhere, as far as its home needs to know it. */
export interface Speaker {
  readonly id: string;
  readonly user: string;
  readonly can: Abilities;
}

export type SoftMessage = Extract<ClientMessage, { type: "candidate" | "mediaState" | "chat" | "emoji" }>;

/** What a home is asked to do about one of its calls. */
export type Request =
  | { readonly type: "input"; readonly input: TimelessInput }
  /** An answer whose sender was told that it came to nothing: should it have been taken, that call is over. */
  | { readonly type: "takeBack"; readonly session: string }
  /** A user wants to place another call; `isWanted`: also where this one is well. */
  | { readonly type: "supersede"; readonly user: string; readonly isWanted: boolean; readonly dialled?: string }
  /** The second dialler of a glare. */
  | {
      readonly type: "merge";
      readonly user: string;
      readonly dialler: Device;
      readonly attempt: string;
      readonly proposed: boolean;
      readonly id?: string;
    }
  /** A new session of a device takes over the leg of one that it names. */
  | {
      readonly type: "rebind";
      readonly user: string;
      readonly from: string;
      readonly to: Device;
      readonly joinNumber: number;
    };

/** What came of it, told when everything before it was accepted. */
export type Outcome =
  | { readonly code: "done"; readonly callId: string }
  | { readonly code: "refused"; readonly refused: Refused }
  /** The call is over, or never was: what was asked for is void. */
  | { readonly code: "ended" }
  /** Whoever dialled may dial again. */
  | { readonly code: "retry" }
  | { readonly code: "already"; readonly callId: string }
  | { readonly code: "rebound"; readonly summary: CallSummary }
  | { readonly code: "unavailable" };

/** What happened to a user or a token; `id` is the user's or the token's. */
export type News =
  | { readonly what: "tokenRevoked" | "userLoggedOut" | "numberProven" | "personChanged"; readonly id: string }
  | { readonly what: "userErased"; readonly id: string; readonly replacement: string };

/** What nodes write to each other. */
export type NodeEnvelope =
  | { readonly kind: "news"; readonly news: News }
  /** To a session: a message, or that it has lost its leg. Counted by the home for each node, so that a hole shows. */
  | {
      readonly kind: "send";
      readonly callId: string;
      readonly home: NodeId;
      readonly gen: number;
      readonly rev: number;
      readonly k: number;
      readonly session: string;
      readonly message?: ServerMessage;
    }
  /** To a session, without waiting and without being missed. */
  | { readonly kind: "soft"; readonly session: string; readonly message: ServerMessage }
  /** What a session said to its peer, or to a call that it need not be sure to have reached. */
  | {
      readonly kind: "relay";
      readonly callId: string;
      readonly session: Speaker;
      readonly message: SoftMessage;
    }
  | {
      readonly kind: "input";
      readonly callId: string;
      readonly from: NodeId;
      readonly inputId: string;
      readonly request: Request;
    }
  /** A home has taken the input in, or has nothing to do with it. */
  | { readonly kind: "done"; readonly inputId: string }
  | { readonly kind: "reply"; readonly inputId: string; readonly outcome: Outcome }
  | { readonly kind: "notMine"; readonly callId: string; readonly inputId: string }
  /** How many messages of a call its home has sent to this node. */
  | { readonly kind: "sync"; readonly callId: string; readonly home: NodeId; readonly gen: number; readonly k: number }
  /** A node lists everybody, and has just begun to hear of them. */
  | { readonly kind: "whoIsHere" }
  /** The client of this session has joined elsewhere. */
  | { readonly kind: "replaced"; readonly session: string };
