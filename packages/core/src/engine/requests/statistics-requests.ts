import {
  type ClientMessage,
  type ClientMessageByType,
  knownEvents,
  type Sample,
  type ServerMessage,
} from "@echoo/protocol";
import type { CallIndex } from "../../arbiter/call-index.ts";
import { type Call, isAnswered, isRinging, peerOf } from "../../call/call.ts";
import type { CallInput } from "../../call/input.ts";
import { legOf, sideOf } from "../../call/legs.ts";
import type { Instant, Steady } from "../../ports/clock.ts";
import type { SampleBatch } from "../../ports/journal.ts";
import { fromReportedSample } from "../../quality/reported-sample.ts";
import { RisingInstant } from "../../time/rising-instant.ts";
import type { Delivery } from "../delivery.ts";
import type { QualityMonitor } from "../quality-monitor.ts";
import type { Session } from "../sessions/session.ts";
import type { SessionRegistry } from "../sessions/session-registry.ts";
import { takesPart } from "./call-requests.ts";
import { type Handler, type Reply, refused } from "./message-handler.ts";

/** What keeping and telling statistics needs of the engine. */
interface StatisticsContext {
  readonly calls: Pick<CallIndex, "get" | "between">;
  readonly sessions: Pick<SessionRegistry, "get">;
  readonly quality: Pick<QualityMonitor, "measure">;
  readonly delivery: Pick<Delivery, "keepReported">;
  now(): Instant;
  steady(): Steady;
  /** How long their reporter has to wait instead; 0 where they are kept. */
  keepSamples(batch: SampleBatch): number;
  applyToCall(callId: string, input: CallInput): void;
  send(session: Session, message: ServerMessage): void;
}

/** What clients measure. Stored whether it comes before or after the end of the call. */
export class StatisticsRequests {
  readonly #state: StatisticsContext;
  readonly #reported = new RisingInstant();

  constructor(state: StatisticsContext) {
    this.#state = state;
  }

  readonly stats: Handler<"stats"> = (session, message) => {
    const call = this.#find(session, message.callId, undefined);
    if (!call) return refused("unknown_call", message.callId);
    const refusal = this.#check(call, session);
    if (refusal) return refusal;
    const waitMs = this.#keep(call, session, message.samples);
    if (waitMs > 0) return refused("rate_limited", call.id, waitMs);
    if (isAnswered(call)) this.#tellQuality(call, session, message);
    return { type: "done", callId: call.id };
  };

  /** A device that was offered the call may tell of it before the answer, and any that took part after the end. */
  readonly report: Handler<"report"> = (session, message) => {
    const reply = this.#report(session, message);
    // What came too late, or from who took no part, is of no use to its client, who did not ask what became of it.
    return reply?.type === "refuse" && message.id === undefined ? { type: "done" } : reply;
  };

  readonly callStats: Handler<"callStats"> = (session, message) => {
    const peer = message.caller === session.user ? message.callee : message.caller;
    const call = this.#find(session, message.callId, peer);
    if (!call) return refused("unknown_call", message.callId);
    const refusal = this.#check(call, session);
    if (refusal) return refusal;
    const waitMs = this.#keep(call, session, (message.samples ?? []).map(fromReportedSample));
    if (waitMs > 0) return refused("rate_limited", call.id, waitMs);
    // The samples are kept once, in the form that those of current clients have.
    const { type: _type, id: _id, n: _n, samples: _samples, ...said } = message;
    // The parties as the server knows them: however the client writes a number, and after one of them was erased.
    const fields = {
      ...said,
      ...(said.caller === undefined ? {} : { caller: call.caller }),
      ...(said.callee === undefined ? {} : { callee: call.callee }),
    };
    this.#state.delivery.keepReported({
      callId: call.id,
      reporter: session.user,
      // Of one side the latest report stands, also where the clock was set back between two.
      receivedAtMs: this.#reported.next(this.#state.now()),
      body: JSON.stringify(fields),
    });
    return { type: "done", callId: call.id };
  };

  #find(session: Session, callId: string, peer: string | undefined): Call | undefined {
    const { calls } = this.#state;
    const call = callId ? calls.get(callId) : calls.between(session.user, peer ?? "");
    return call && takesPart(call, session.user) ? call : undefined;
  }

  #report(session: Session, message: ClientMessageByType<"report">): Reply {
    const call = this.#find(session, message.callId, undefined);
    if (!call || !tookPart(call, session)) return refused("unknown_call", message.callId);
    if (isAnswered(call) && !sideOf(call, session.id)) return refused("not_bound", call.id);
    const events = knownEvents(message.events);
    const [first, last] = [events[0], events.at(-1)];
    if (!first || !last) return { type: "done", callId: call.id };
    const waitMs = this.#state.keepSamples({
      callId: call.id,
      reporter: session.user,
      batch: `e${first.n}-${last.n}-${message.sentAt}`,
      receivedAtMs: this.#state.now(),
      samples: [],
      report: { events, sentAtMs: message.sentAt },
    });
    return waitMs > 0 ? refused("rate_limited", call.id, waitMs) : { type: "done", callId: call.id };
  }

  #check(call: Call, session: Session): Reply {
    if (isRinging(call)) return refused("not_in_call", call.id);
    if (isAnswered(call)) return sideOf(call, session.id) ? undefined : refused("not_bound", call.id);
    return call.answered ? undefined : refused("not_in_call", call.id);
  }

  /** How long this user has to wait instead; 0 where the samples are kept. */
  #keep(call: Call, session: Session, samples: readonly Sample[]): number {
    const first = samples[0];
    const last = samples.at(-1);
    if (!first || !last) return 0;
    return this.#state.keepSamples({
      callId: call.id,
      reporter: session.user,
      // The same samples sent again, in the same or another session, are the same batch.
      batch: `${first.t}-${last.t}-${samples.length}`,
      receivedAtMs: this.#state.now(),
      samples,
    });
  }

  #tellQuality(call: Call, session: Session, message: Extract<ClientMessage, { type: "stats" }>): void {
    const by = { user: session.user, session: session.id, wantsAck: false };
    this.#state.applyToCall(call.id, { type: "connected", nowMs: this.#state.steady(), by });
    const news = this.#state.quality.measure(call.id, session.user, message.samples);
    if (!news) return;
    this.#state.send(session, news);
    const current = this.#state.calls.get(call.id);
    if (!current || !isAnswered(current)) return;
    const peer = legOf(current, peerOf(current, session.user));
    const target = !peer || peer.session === session.id ? undefined : this.#state.sessions.get(peer.session);
    if (target && target.user === peerOf(call, session.user)) this.#state.send(target, news);
  }
}

/** Whether the session knows of the call: by its leg, its ring, or the end that it was told. */
function tookPart(call: Call, session: Session): boolean {
  if (isAnswered(call)) return true;
  if (call.state === "ended") {
    return !call.callerOnly || call.caller === session.user;
  }
  return call.callerLeg.session === session.id || call.offered.some((one) => one.session === session.id);
}
