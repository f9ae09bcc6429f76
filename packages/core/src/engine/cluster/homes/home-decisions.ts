import { isAnswered, isRinging } from "../../../call/call.ts";
import type { CallInput } from "../../../call/input.ts";
import { legOf, lostLegOf } from "../../../call/legs.ts";
import { askedDevice } from "../../../call/offered-devices.ts";
import type { ClusterContext } from "../cluster-context.ts";
import type { Outcome, Request } from "../envelopes.ts";
import { type HomeCall, type Origin, takenInputsMax } from "./home-call.ts";
import type { HomeCalls } from "./home-calls.ts";

interface Claim {
  readonly callId: string;
  readonly user: string;
}

/** A call that has the lock which another one needs. */
interface Lock {
  readonly callId: string;
  readonly home?: string;
  readonly gen?: number;
}

/** Asks something of a call that may be elsewhere. */
type AskElsewhere = (lock: Lock, request: Request, reply: (outcome: Outcome) => void) => void;

/** What a home decides about its calls, for whoever asks: a session here, or another node. */
export class HomeDecisions {
  readonly #state: ClusterContext;
  readonly #homes: HomeCalls;
  readonly #elsewhere: AskElsewhere;
  /** Claims whose outcome was not heard. */
  readonly #claims = new Set<Claim>();

  constructor(state: ClusterContext, homes: HomeCalls, elsewhere: AskElsewhere) {
    this.#state = state;
    this.#homes = homes;
    this.#elsewhere = elsewhere;
  }

  /** An input for a call whose home this is. */
  take(home: HomeCall, request: Request, origin: Origin | undefined, reply?: (outcome: Outcome) => void): void {
    const { call } = home;
    if (request.type === "takeBack" && home.claims > 0) {
      // The answer that it takes back may be waiting for its lock.
      home.afterClaims.push(() => this.take(home, request, origin, reply));
      return;
    }
    if (request.type === "input" && request.input.type === "answer" && isRinging(call)) {
      if (askedDevice(call, request.input.by.session)) {
        this.#claim(home, request, origin, reply);
        return;
      }
    }
    this.#apply(home, request, origin, reply);
  }

  /** The callee's lock comes before its answer. */
  #claim(home: HomeCall, request: Request, origin: Origin | undefined, reply?: (outcome: Outcome) => void): void {
    const { scripts, node } = this.#state.cluster;
    const user = home.call.callee;
    const claim = { callId: home.id, user };
    this.#claims.add(claim);
    home.claims += 1;
    scripts.claim(node, home.id, user).then(
      (answer) => {
        this.#claims.delete(claim);
        if (this.#homes.get(home.id) !== home) return;
        if (answer.code === "locked" && answer.isAway && answer.home !== undefined) {
          this.#supersedeFirst(answer, home, request, origin, reply);
          return;
        }
        switch (answer.code) {
          case "claimed":
            this.#apply(home, request, origin, reply);
            if (isRinging(home.call)) scripts.unclaim(node, home.id, user).catch(() => {});
            break;
          case "locked":
            this.#apply(home, withLock(request, answer.callId), origin, reply);
            break;
          case "ended":
            this.#apply(home, request, origin, reply);
            break;
          case "settling":
            // One that was forwarded comes again.
            if (!origin) reply?.({ code: "unavailable" });
            break;
          case "fenced":
          case "buried":
          case "unknown":
        }
        this.#claimed(home);
      },
      () => {
        if (!origin) reply?.({ code: "unavailable" });
        this.#claimed(home);
      },
    );
  }

  #claimed(home: HomeCall): void {
    home.claims -= 1;
    if (home.claims > 0) return;
    for (const run of home.afterClaims.splice(0)) run();
  }

  /** A side that is away gives way to what is answered here, as it does to what is dialled here. */
  #supersedeFirst(
    lock: { readonly callId: string; readonly home?: string; readonly gen?: number },
    home: HomeCall,
    request: Request,
    origin: Origin | undefined,
    reply?: (outcome: Outcome) => void,
  ): void {
    this.#elsewhere(lock, { type: "supersede", user: home.call.callee, isWanted: false }, ({ code }) => {
      if (this.#homes.get(home.id) !== home) return;
      if (code === "already" || code === "unavailable") {
        this.#apply(home, withLock(request, lock.callId), origin, reply);
      } else {
        this.take(home, request, origin, reply);
      }
      this.#claimed(home);
    });
  }

  #apply(home: HomeCall, request: Request, origin: Origin | undefined, reply?: (outcome: Outcome) => void): void {
    let outcome: Outcome = { code: "done", callId: home.id };
    if (origin && !takesIn(home, origin)) {
      this.#homes.afterPending(home.id, () => this.#homes.tell(origin.from, { kind: "done", inputId: origin.inputId }));
      return;
    }
    const isTaken = this.#homes.decide(home.id, origin, request, () => {
      outcome = this.#decide(home, request);
    });
    this.#homes.afterPending(home.id, () => {
      if (origin && !isTaken) this.#homes.tell(origin.from, { kind: "done", inputId: origin.inputId });
      reply?.(outcome);
    });
  }

  #decide(home: HomeCall, request: Request): Outcome {
    const nowMs = this.#state.steady();
    const done: Outcome = { code: "done", callId: home.id };
    switch (request.type) {
      case "input": {
        const refused = this.#state.applyToCall(home.id, { ...request.input, nowMs } as CallInput);
        return refused ? { code: "refused", refused } : done;
      }
      case "supersede": {
        const { user, isWanted, dialled } = request;
        this.#state.applyToCall(home.id, { type: "time", nowMs });
        if (home.call.state === "ended") return { code: "retry" };
        if (!isWanted && !lostLegOf(home.call, user)) return { code: "already", callId: home.id };
        const spared = dialled === undefined ? {} : { dialled };
        this.#state.applyToCall(home.id, { type: "superseded", nowMs, user, ...spared });
        return { code: "retry" };
      }
      case "takeBack":
        if (isAnswered(home.call) && home.call.calleeLeg.session === request.session) {
          this.#state.applyToCall(home.id, { type: "gone", nowMs, session: request.session });
        }
        return done;
      case "merge":
        return this.#merge(home, request);
      case "rebind":
        return this.#rebind(home, request);
    }
  }

  #merge(home: HomeCall, request: Extract<Request, { type: "merge" }>): Outcome {
    const nowMs = this.#state.steady();
    const { dialler, attempt, proposed, id, user } = request;
    this.#state.applyToCall(home.id, { type: "time", nowMs });
    const { call } = home;
    if (!isRinging(call)) return { code: "retry" };
    if (call.callerLeg.lostAtMs !== undefined) {
      this.#state.applyToCall(home.id, { type: "giveWay", nowMs });
      return { code: "retry" };
    }
    const more = id === undefined ? {} : { id };
    if (call.reserved && call.reserved.session !== dialler.session) {
      const to = dialler.session;
      const reason = "answered_elsewhere";
      this.#state.say(home.id, [
        { type: "send", to, message: { type: "calling", callId: attempt, to: call.caller, expiresInMs: 0, ...more } },
        {
          type: "send",
          to,
          message: { type: "hangup", callId: attempt, from: call.caller, to: user, reason, endedBy: "you" },
        },
      ]);
      return { code: "done", callId: home.id };
    }
    this.#state.applyToCall(home.id, { type: "merge", nowMs, dialler, attempt, proposed, ...more });
    return { code: "done", callId: home.id };
  }

  #rebind(home: HomeCall, { user, from, to, joinNumber }: Extract<Request, { type: "rebind" }>): Outcome {
    const nowMs = this.#state.steady();
    this.#state.applyToCall(home.id, { type: "time", nowMs });
    const leg = home.call.state === "ended" ? undefined : legOf(home.call, user);
    const mayTake = leg !== undefined && (leg.token === undefined || to.token !== undefined);
    if (mayTake) this.#state.applyToCall(home.id, { type: "rebound", nowMs, from, to, joinNumber });
    if (mayTake) this.#state.cluster.counted("rebound");
    const { call } = home;
    if (call.state === "ended") return { code: "ended" };
    return { code: "rebound", summary: this.#state.summaryFor(call, { id: to.session, user }) };
  }

  /** What was claimed and not heard of is let go of, where the answer came to nothing. */
  unclaimUnheard(): void {
    const { scripts, node } = this.#state.cluster;
    for (const claim of [...this.#claims]) {
      this.#claims.delete(claim);
      scripts.unclaim(node, claim.callId, claim.user).catch(() => {});
    }
  }

  clear(): void {
    this.#claims.clear();
  }
}

/** Whether an input is a new one. */
export function takesIn({ taken }: HomeCall, { from, inputId }: Origin): boolean {
  const key = `${from} ${inputId}`;
  if (taken.has(key)) return false;
  taken.add(key);
  const [oldest] = taken;
  if (taken.size > takenInputsMax && oldest !== undefined) taken.delete(oldest);
  return true;
}

/** The answer of a user whose lock another call has. */
function withLock(request: Request, lockedBy: string): Request {
  if (request.type !== "input" || request.input.type !== "answer") return request;
  return { type: "input", input: { ...request.input, lockedBy } };
}
