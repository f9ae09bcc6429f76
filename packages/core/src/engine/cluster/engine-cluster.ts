import type { Cluster } from "../../ports/cluster/cluster.ts";
import { unfinishedSummary } from "../call-summaries.ts";
import type { EngineState } from "../engine-state.ts";
import type { CallRequests } from "../requests/call-requests.ts";
import type { Handler } from "../requests/message-handler.ts";
import type { Joining } from "../sessions/joining.ts";
import type { Session } from "../sessions/session.ts";
import type { SessionLife } from "../sessions/session-life.ts";
import { Adoption, type AdoptionContext } from "./adoption.ts";
import type { ClusterCalls } from "./cluster-calls.ts";
import { ClusterJoining } from "./cluster-joining.ts";
import { ClusterRequests } from "./cluster-requests.ts";
import type { News, SoftMessage, Speaker } from "./envelopes.ts";
import { HandOver } from "./homes/hand-over.ts";
import { LeftCalls } from "./left-calls.ts";
import { LiveNews } from "./live-news.ts";
import { Placing } from "./placing.ts";
import type { ClusterPresence } from "./presence/cluster-presence.ts";
import { entryOf } from "./session-entry.ts";

/** The handlers of messages that may be relayed to another node's call. */
export type SoftHandlers = { readonly [T in SoftMessage["type"]]: Handler<T> };

/** What calls across nodes need of the engine's state; `life` and `soft` may be asked for once the engine stands. */
export function contextOf(
  state: EngineState,
  cluster: Cluster,
  life: () => SessionLife,
  soft: () => SoftHandlers,
  heard: (news: News) => void,
): AdoptionContext {
  const left = new LeftCalls({
    cluster,
    get delivery() {
      return state.delivery;
    },
    steady: () => state.steady(),
    isHome: (callId) => state.cluster?.homes.get(callId) !== undefined,
  });
  return {
    left,
    heard,
    cluster,
    get elsewhere() {
      if (state.elsewhere === undefined) throw new Error("there is one node alone");
      return state.elsewhere;
    },
    clock: state.options.clock,
    observer: state.options.observer,
    get calls() {
      return state.calls;
    },
    steady: () => state.steady(),
    session: (id) => state.sessions.get(id),
    applyToCall: (callId, input) => state.applyToCall(callId, input),
    say: (callId, effects) => state.arbiter.say(callId, effects),
    deliver: (session, message) => state.sendTo(session, message),
    follow: (effect) => state.carryOut([effect]),
    accepted: (call, before) => {
      state.accepted.add(call, before);
      // Its caller's lock came with its place: no effect tells of it.
      if (before === undefined) state.presenceChanged(call.caller);
    },
    summaryFor: (call, session) => unfinishedSummary(call, session, state.steady()),
    relayed: (session, message) => relay(soft(), session, message),
    cut: (id) => {
      const session = state.sessions.get(id);
      if (session) life().cut(session);
    },
    sessionEntries: () => [...state.sessions.all()].map(entryOf),
    cutAll: () => {
      for (const session of [...state.sessions.all()]) life().cut(session);
    },
  };
}

/** A home does for a session elsewhere what it does for one of its own; its answer is of no interest. */
function relay(handlers: SoftHandlers, { id, user, can }: Speaker, message: SoftMessage): void {
  // Of a session the soft messages need no more than this.
  const session = { id, user, can } as Session;
  switch (message.type) {
    case "candidate":
      void handlers.candidate(session, message);
      return;
    case "mediaState":
      void handlers.mediaState(session, message);
      return;
    case "chat":
      void handlers.chat(session, message);
      return;
    case "emoji":
      void handlers.emoji(session, message);
  }
}

/** What the parts for several nodes need of the engine, besides what calls across nodes do. */
type ClusteredEngine = Pick<EngineState, "calls" | "createCall" | "factsOf" | "options" | "push" | "sessions">;

/** The parts of an engine that exist only where there are other nodes. */
export class EngineCluster {
  readonly requests: ClusterRequests;
  readonly joining: ClusterJoining;
  readonly news: LiveNews;
  readonly #calls: ClusterCalls;
  readonly #adoption: Adoption;
  readonly #handOver: HandOver;
  readonly #presence: Pick<ClusterPresence, "stop">;

  constructor(
    state: ClusteredEngine,
    context: AdoptionContext,
    calls: ClusterCalls,
    local: CallRequests,
    joining: Joining,
  ) {
    context.left.load(state.options.journal);
    this.#presence = context.elsewhere;
    this.#calls = calls;
    this.news = new LiveNews(context.cluster);
    this.#adoption = new Adoption(context, calls, context.left, this.news);
    this.#handOver = new HandOver(context, calls, this.#adoption);
    const placing = new Placing(
      context,
      {
        isReady: () => this.#adoption.isReady,
        create: (request, isCalleeLive) => state.createCall(request, isCalleeLive),
        load: (user) => state.options.userFacts.load(user),
        calleeFacts: (caller, callee) => {
          const facts = state.push.calleeFacts(state.factsOf(callee), caller, callee);
          // What cannot be read now is not read while it rings: other nodes would not hear of it.
          return { ...facts, isKnown: facts.isKnown === true };
        },
        hasSession: (id) => state.sessions.get(id) !== undefined,
      },
      calls,
    );
    this.requests = new ClusterRequests(state, calls, placing, local);
    this.joining = new ClusterJoining(context, calls, this.#adoption, joining);
    context.cluster.listen(this.#adoption);
  }

  /** The handlers of messages about calls, in place of those of a single node. */
  handlers(soft: SoftHandlers) {
    const { requests } = this;
    return {
      offer: requests.offer,
      ringing: requests.ringing,
      answer: requests.answer,
      offerRefused: requests.offerRefused,
      connected: requests.connected,
      reject: requests.reject,
      hangup: requests.hangup,
      candidate: requests.soft(soft.candidate),
      mediaState: requests.soft(soft.mediaState),
      chat: requests.soft(soft.chat),
      emoji: requests.soft(soft.emoji),
    };
  }

  /** What waits for other nodes. */
  get backlog(): { readonly inputs: number; readonly batches: number } {
    return { inputs: this.#calls.inputs.size, batches: this.#calls.homes.pendingCount };
  }

  /** Gives calls to other nodes before this one ends; tells how many they have taken. */
  handOver(withinMs: number): Promise<number> {
    return this.#handOver.run(withinMs);
  }

  stop(): void {
    this.#adoption.stop();
    this.#presence.stop();
  }
}
