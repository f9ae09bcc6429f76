import type { CallSummary, ServerMessage } from "@echoo/protocol";
import type { CallIndex } from "../../arbiter/call-index.ts";
import type { Call, Device, UnfinishedCall } from "../../call/call.ts";
import type { CallInput, Effect } from "../../call/input.ts";
import type { Refused } from "../../call/step.ts";
import type { Clock, Steady } from "../../ports/clock.ts";
import type { Cluster } from "../../ports/cluster/cluster.ts";
import type { Observer } from "../../ports/observer.ts";
import type { News, SoftMessage, Speaker } from "./envelopes.ts";
import type { LeftCalls } from "./left-calls.ts";
import type { ClusterPresence } from "./presence/cluster-presence.ts";

/** A session as the cluster's part of the engine needs it. */
interface ClusterSession {
  readonly id: string;
  readonly user: string;
  readonly lostAtMs: Steady | undefined;
  asDevice(): Device;
}

/** What calls across nodes need of the engine. */
export interface ClusterContext {
  readonly cluster: Cluster;
  readonly clock: Pick<Clock, "after">;
  readonly calls: Pick<CallIndex, "get" | "drop" | "put" | "ofSession">;
  readonly observer: Pick<Observer, "fault">;
  steady(): Steady;
  session(id: string): ClusterSession | undefined;
  applyToCall(callId: string, input: CallInput): Refused | undefined;
  /** Says something to sessions of a call that is left as it is. */
  say(callId: string, effects: readonly Effect[]): void;
  /** Tells a session here. */
  deliver(session: string, message: ServerMessage): void;
  /** What follows an accepted state besides messages: a record, presence. */
  follow(effect: Effect): void;
  /** Who is there on other nodes. */
  readonly elsewhere: ClusterPresence;
  /** Calls that this node was the home of. */
  readonly left: Pick<LeftCalls, "add">;
  accepted(call: Call, before: Call | undefined): void;
  /** Where a call stands, as a session needs to know it. */
  summaryFor(call: UnfinishedCall, session: { readonly id: string; readonly user: string }): CallSummary;
  /** Another node tells what happened to a user or a token. */
  heard(news: News): void;
  /** A session elsewhere said something to a call of this home. */
  relayed(session: Speaker, message: SoftMessage): void;
  /** The session begins anew: its client is cut off and comes again. */
  cut(session: string): void;
}
