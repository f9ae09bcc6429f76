import type { CallSummary } from "@echoo/protocol";
import type { FinishedCall } from "../../call/call.ts";
import { readBody } from "../../journal/read-body.ts";
import type { Clock } from "../../ports/clock.ts";
import type { JoinReply } from "../../ports/cluster/scripts.ts";
import type { Link } from "../../ports/link.ts";
import { endedSummaryFor } from "../call-summaries.ts";
import type { JoinGrant, Joining, JoinRefusal, JoinRequest } from "../sessions/joining.ts";
import type { Session } from "../sessions/session.ts";
import type { Adoption } from "./adoption.ts";
import type { ClusterCalls } from "./cluster-calls.ts";
import type { ClusterContext } from "./cluster-context.ts";
import type { ForwardedInput } from "./forwarded-inputs.ts";
import { nodeOfSession } from "./homes/snapshot.ts";
import { entryOf } from "./session-entry.ts";

/** A join that has to wait for others is answered within this, or refused. */
const answeredWithinMs = 3_000;

/** What joins need of the engine where there are other nodes. */
interface JoiningContext extends ClusterContext {
  readonly clock: Pick<Clock, "after">;
}

/** What the other nodes know of a user who joins here. */
interface Known {
  readonly calls: readonly CallSummary[];
  readonly rebound: readonly string[];
  readonly rings: readonly string[];
}

/** Joins where there are other nodes: a leg is taken over wherever its call is. */
export class ClusterJoining {
  readonly #state: JoiningContext;
  readonly #calls: ClusterCalls;
  readonly #adoption: Adoption;
  readonly #local: Joining;

  constructor(state: JoiningContext, calls: ClusterCalls, adoption: Adoption, local: Joining) {
    this.#state = state;
    this.#calls = calls;
    this.#adoption = adoption;
    this.#local = local;
  }

  async join(link: Link, admission: JoinGrant, request: JoinRequest): Promise<Session | JoinRefusal> {
    const named = request.resume?.session;
    const isElsewhere = named !== undefined && this.#state.session(named) === undefined;
    if (this.#local.staysHere(admission, request)) return this.#resumed(this.#local.join(link, admission, request));
    if (!this.#adoption.isReady) {
      // Without the others nobody can say what its calls are: an empty list would make it drop a running one.
      if (isElsewhere) return "unavailable";
      return this.#registered(this.#local.join(link, admission, request));
    }
    const session = this.#local.begin(link, admission, request);
    if (typeof session === "string") return session;
    const known = await this.#known(session, named);
    if (typeof known === "string" || session.isOver) {
      this.#state.cut(session.id);
      return typeof known === "string" ? known : "unavailable";
    }
    this.#local.welcome(session, link, known.rebound, known.calls);
    for (const callId of known.rings) this.#adoption.online(callId, session.id);
    const node = nodeOfSession(named ?? "");
    if (named !== undefined && isElsewhere && node !== "" && node !== this.#state.cluster.node) {
      this.#calls.homes.tell(node, { kind: "replaced", session: named });
    }
    return session;
  }

  #registered(session: Session | JoinRefusal): Session | JoinRefusal {
    if (typeof session !== "string") this.#adoption.register(entryOf(session));
    return session;
  }

  /** Its calls elsewhere hear that it is back; those here have heard it. */
  #resumed(session: Session | JoinRefusal): Session | JoinRefusal {
    if (typeof session === "string") return session;
    for (const callId of this.#calls.foreign.of(session.id)) {
      this.#calls.input(callId, { type: "back", session: session.id });
      if (this.#calls.foreign.get(callId)?.sessions.get(session.id) !== "rings") continue;
      this.#calls.input(callId, { type: "online", device: session.asDevice(), isTaken: false });
    }
    return this.#registered(session);
  }

  async #known(session: Session, named: string | undefined): Promise<Known | JoinRefusal> {
    const { scripts, node } = this.#state.cluster;
    let reply: JoinReply;
    try {
      reply = await scripts.join(node, entryOf(session));
    } catch {
      return "unavailable";
    }
    if (reply.code === "full") return "full";
    if (reply.code !== "ok") return "unavailable";
    for (const { callId, home, gen } of reply.rings) this.#calls.learn(callId, home, gen);
    const rings = reply.rings.map(({ callId }) => callId);
    const ends = reply.ends.flatMap((tombstone) => this.#ended(tombstone, session));
    const { live, join } = reply;
    if (!live || named === undefined) return { calls: ends, rebound: [], rings };
    if (!("home" in live)) return "unavailable";
    this.#calls.learn(live.callId, live.home, live.gen);
    const summary = await this.#rebound(session, named, live.callId, join);
    if (summary === "unavailable") return "unavailable";
    if (summary === "ended") return { calls: ends, rebound: [], rings };
    // It may ring there, and be asked below.
    if (!summary.bound) this.#calls.foreign.leaves(live.callId, session.id);
    const isHere = this.#calls.homes.get(live.callId) !== undefined;
    // Calls of this home are listed by the node's own book.
    const calls = isHere ? ends : [summary, ...ends];
    return { calls, rebound: summary.bound ? [live.callId] : [], rings };
  }

  #rebound(
    session: Session,
    from: string,
    callId: string,
    joinNumber: number,
  ): Promise<CallSummary | "ended" | "unavailable"> {
    const to = session.asDevice();
    if (!this.#calls.homes.get(callId)) this.#calls.foreign.takesPart(callId, session.id, "leg");
    return new Promise((resolve) => {
      let input: ForwardedInput | undefined;
      const fail = () => {
        // Nobody waits for it any more: it must not take the leg from the client's next session.
        if (input) this.#calls.inputs.remove(input.id);
        resolve("unavailable");
      };
      const cancel = this.#state.clock.after(answeredWithinMs, fail);
      const request = { type: "rebind", user: session.user, from, to, joinNumber } as const;
      input = this.#calls.ask(callId, request, (outcome) => {
        cancel();
        if (outcome.code === "rebound") resolve(outcome.summary);
        else if (outcome.code === "ended") resolve("ended");
        else fail();
      });
    });
  }

  #ended(tombstone: string, session: Session): CallSummary[] {
    let call: FinishedCall;
    try {
      call = readBody("ended", tombstone);
    } catch {
      // Of a version that this one does not read.
      return [];
    }
    if (this.#calls.homes.get(call.id) || this.#state.calls.get(call.id)) return [];
    return endedSummaryFor(call, session);
  }
}
