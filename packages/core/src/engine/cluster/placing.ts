import type { OfferRequest } from "../../arbiter/place-offer.ts";
import type { Call, Device } from "../../call/call.ts";
import type { Instant } from "../../ports/clock.ts";
import type { PlaceReply, SessionEntry } from "../../ports/cluster/scripts.ts";
import { type Reply, refused } from "../requests/message-handler.ts";
import type { ClusterCalls } from "./cluster-calls.ts";
import type { ClusterContext } from "./cluster-context.ts";
import type { Outcome } from "./envelopes.ts";

/** A caller hears within this whether its offer was placed. */
const placeWithinMs = 1_500;
/** How often an offer is placed anew because the call that was in its way has ended. */
const triesMax = 4;

/** What placing a call needs of the engine, besides what all calls across nodes do. */
interface PlacingEngine {
  readonly isReady: () => boolean;
  /** A call that the store let its caller place, or one that rings nothing and so has ended. */
  create(request: OfferRequest, isCalleeLive: boolean): Call;
  hasSession(id: string): boolean;
  /** Reads what is known of a user, where that is not in memory. Never rejects. */
  load(user: string): Promise<unknown>;
  calleeFacts(caller: string, callee: string): OfferRequest["callee"];
}

type PlacingContext = Pick<ClusterContext, "applyToCall" | "clock" | "cluster" | "session" | "steady">;

/** Offers of new calls: the store decides who may have one, and the caller's node is its home. */
export class Placing {
  readonly #state: PlacingContext;
  readonly #engine: PlacingEngine;
  readonly #calls: ClusterCalls;

  constructor(state: PlacingContext, engine: PlacingEngine, calls: ClusterCalls) {
    this.#state = state;
    this.#engine = engine;
    this.#calls = calls;
  }

  /** `request` has everything but what the store knows: the callee's devices, and when it was created. */
  place(request: OfferRequest, reply: (reply: Reply) => void): void {
    if (request.callee.isKnown === true) {
      this.#try(request, once(reply), 0);
      return;
    }
    // A callee who is on another node need not be in memory here. What the caller says meanwhile waits.
    const callId = request.callId ?? request.freshId;
    const waiting: (() => void)[] = [];
    this.#calls.placing.set(callId, waiting);
    void this.#engine.load(request.to).then(() => {
      if (this.#calls.placing.get(callId) !== waiting) return;
      this.#try({ ...request, callee: this.#engine.calleeFacts(request.by.user, request.to) }, once(reply), 0);
      this.#calls.placing.get(callId)?.unshift(...waiting);
      if (!this.#calls.placing.has(callId)) for (const run of waiting) run();
    });
  }

  #try(request: OfferRequest, reply: (reply: Reply) => boolean, tries: number): void {
    const callId = request.callId ?? request.freshId;
    const no = () => void reply(refused("unavailable", callId));
    if (!this.#engine.isReady() || tries > triesMax) {
      this.#calls.placing.delete(callId);
      no();
      return;
    }
    const waiting: (() => void)[] = [];
    this.#calls.placing.set(callId, waiting);
    let isLate = false;
    this.#state.clock.after(placeWithinMs, () => {
      isLate = reply(refused("unavailable", callId));
    });
    const { scripts, node } = this.#state.cluster;
    const { callee } = request;
    const mayRing = callee.isKnown === true && !callee.blockedCaller && !callee.doNotDisturb;
    scripts.place(node, { callId, caller: request.by.user, callee: request.to, mayRing }).then(
      (placed) => {
        if (this.#calls.placing.get(callId) === waiting) this.#calls.placing.delete(callId);
        if (placed.code === "placed" && (isLate || !this.#engine.hasSession(request.by.session))) {
          scripts.abandon(node, callId).catch(() => {});
          no();
        } else if (!isLate) {
          this.#decided(request, placed, reply, tries);
        }
        for (const run of waiting) run();
      },
      () => {
        if (this.#calls.placing.get(callId) === waiting) this.#calls.placing.delete(callId);
        no();
        for (const run of waiting) run();
      },
    );
  }

  #decided(request: OfferRequest, placed: PlaceReply, reply: (reply: Reply) => boolean, tries: number): void {
    const callId = request.callId ?? request.freshId;
    switch (placed.code) {
      case "placed":
        this.#create(request, placed.createdAtMs, placed.devices, reply);
        return;
      case "notRung":
        this.#finishAtOnce(request, placed, reply);
        return;
      case "held":
        this.#held(request, placed, reply, tries);
        return;
      case "glare":
        this.#glare(request, placed, reply, tries);
        return;
      case "used":
        reply(refused("call_id_used", callId));
        return;
      case "settling":
      case "buried":
      case "unknown":
        reply(refused("unavailable", callId));
    }
  }

  #held(
    request: OfferRequest,
    held: Extract<PlaceReply, { code: "held" }>,
    reply: (reply: Reply) => boolean,
    tries: number,
  ): void {
    this.#calls.learn(held.callId, held.home, held.gen);
    const dialled = request.device.can.namesCalls ? {} : { dialled: request.by.session };
    const user = request.by.user;
    const asked = this.#calls.ask(
      held.callId,
      { type: "supersede", user, isWanted: request.supersede, ...dialled },
      (outcome) => {
        if (outcome.code === "unavailable" && asked) this.#calls.inputs.remove(asked.id);
        if (outcome.code === "already") reply(refused("already_in_call", outcome.callId));
        else this.#again(request, outcome, reply, tries);
      },
    );
  }

  #glare(
    request: OfferRequest,
    glare: Extract<PlaceReply, { code: "glare" }>,
    reply: (reply: Reply) => boolean,
    tries: number,
  ): void {
    this.#calls.learn(glare.callId, glare.home, glare.gen);
    const merge = {
      type: "merge",
      user: request.by.user,
      dialler: request.device,
      attempt: request.callId ?? request.freshId,
      proposed: request.callId !== undefined,
      ...(request.id === undefined ? {} : { id: request.id }),
    } as const;
    const asked = this.#calls.ask(glare.callId, merge, (outcome) => {
      // Its caller was told that it came to nothing: it must not be merged later.
      if (outcome.code === "unavailable" && asked) this.#calls.inputs.remove(asked.id);
      if (outcome.code !== "done") return this.#again(request, outcome, reply, tries);
      this.#calls.merged(request.callId ?? request.freshId, glare.callId);
      this.#calls.foreign.takesPart(glare.callId, request.by.session, "leg");
      reply({ type: "done", callId: glare.callId });
    });
  }

  /** What was in the way is over, or cannot be asked. */
  #again(request: OfferRequest, { code }: Outcome, reply: (reply: Reply) => boolean, tries: number): void {
    if (code === "retry" || code === "ended") this.#try(request, reply, tries + 1);
    else reply(refused("unavailable", request.callId ?? request.freshId));
  }

  #create(
    request: OfferRequest,
    createdAtMs: Instant,
    devices: readonly SessionEntry[],
    reply: (reply: Reply) => boolean,
  ): void {
    const nowMs = this.#state.steady();
    const callee = { ...request.callee, push: [], devices: devices.map((entry) => this.#deviceOf(entry)) };
    const call = this.#engine.create({ ...request, nowMs, createdAtMs, callee }, false);
    this.#calls.homes.afterPending(call.id, () => reply({ type: "done", callId: call.id }));
    this.#state.clock.after(placeWithinMs, () => {
      const home = this.#calls.homes.get(call.id);
      if (!home || home.stored || !reply(refused("unavailable", call.id))) return;
      // Nobody was told of it: it is taken back.
      const by = { ...request.by, wantsAck: true };
      this.#state.applyToCall(call.id, { type: "hangup", nowMs: this.#state.steady(), by, iceFailed: false });
    });
  }

  /** A call that rings nothing takes no lock: its end is all that there is of it. */
  #finishAtOnce(
    request: OfferRequest,
    placed: Extract<PlaceReply, { code: "notRung" }>,
    reply: (reply: Reply) => boolean,
  ): void {
    const nowMs = this.#state.steady();
    const callee = { ...request.callee, push: [], devices: placed.devices.map((entry) => this.#deviceOf(entry)) };
    this.#engine.create({ ...request, nowMs, createdAtMs: placed.createdAtMs, callee }, placed.isCalleeLive);
    const callId = request.callId ?? request.freshId;
    this.#calls.homes.afterPending(callId, () => reply({ type: "done", callId }));
  }

  #deviceOf({ session, entry }: SessionEntry): Device {
    const here = this.#state.session(session);
    return here ? here.asDevice() : { ...(JSON.parse(entry) as Omit<Device, "session">), session };
  }
}

/** Of several that know an answer the first gives it; tells whether it did. */
function once(reply: (reply: Reply) => void): (reply: Reply) => boolean {
  let isOver = false;
  return (answer) => {
    if (isOver) return false;
    isOver = true;
    reply(answer);
    return true;
  };
}
