import assert from "node:assert/strict";
import { type Engine, type EngineOptions, type PushOutcome, readBody } from "@echoo/core";
import { Scenario, type ScenarioDevice, ScenarioPush } from "@echoo/testkit";
import type { Call } from "../../src/call/call.ts";
import { CrashingJournal } from "./crashing-journal.ts";
import type { PushAction } from "./push-action.ts";

type FinishedCall = Extract<Call, { state: "ended" }>;

const waitsMs = [1, 500, 3_000, 10_000, 20_000, 45_000, 61_000];
const outcomes: readonly PushOutcome[] = ["sent", "unsure", "none", "gone"];
/** Devices of bob's that can be woken; the phone's sessions are those of a token, the watch's those of its id. */
const pushDevices = [{ device: "phone", token: "t1" }, { device: "watch" }] as const;

/** Two callers, and a callee with devices that can be woken. What is begun is held to the properties as it happens. */
export class PushWorld {
  readonly push = new ScenarioPush();
  readonly journal = new CrashingJournal();
  readonly scenario: Scenario;
  readonly #callers: readonly [ScenarioDevice, ScenarioDevice];
  readonly #bobs: readonly [ScenarioDevice, ScenarioDevice];
  /** How many times each push may be begun: once, and once more for each death before its outcome was noted. */
  readonly #allowed = new Map<string, number>();
  readonly #begun = new Map<string, number>();
  /** Devices, by call, that had a live session after it had ended for them, and may have confirmed that there. */
  readonly #wasThere = new Set<string>();

  constructor(makeEngine?: (options: EngineOptions) => Engine) {
    const made = makeEngine === undefined ? {} : { makeEngine };
    const scenario = new Scenario({ journal: this.journal, push: this.push, ...made });
    this.scenario = scenario;
    this.#callers = [scenario.device("ann"), scenario.device("cleo")];
    this.#bobs = [scenario.device("bob", { token: "t1" }), scenario.device("bob's watch", { deviceId: "watch" })];
  }

  async start(): Promise<void> {
    this.scenario.userFacts.describe("bob", { push: pushDevices });
    for (const caller of this.#callers) await caller.connect({ resume: false });
  }

  async step(action: PushAction): Promise<void> {
    await this.scenario.row(`${action.kind} ${action.choice}`, async () => {
      await this.#act(action);
      if (!this.scenario.node.isAlive) this.#restart();
    });
    if (!this.scenario.node.isAlive) this.#restart();
    this.#noteLive();
  }

  /** All sockets close, every push is made, and the clock runs out. */
  async finish(): Promise<void> {
    this.journal.disarm();
    for (const device of [...this.#callers, ...this.#bobs]) device.loseSocket();
    for (let turns = 0; turns < 8; turns += 1) {
      this.scenario.passes(60_000);
      while (this.push.waiting > 0) {
        this.#begin();
        this.push.answer("sent");
        this.scenario.node.endTurn();
      }
    }
    assert.deepEqual(this.scenario.node.faults, []);
    assert.equal(this.journal.live.size, 0, "no call is left");
    assert.equal(this.push.waiting, 0, "no push is left");
    // The engine's own two go on for as long as it lives.
    assert.ok(this.scenario.node.pendingTimers <= 2, "no timer is left");
    for (const call of this.#finished()) this.#checkStops(call);
  }

  async #act({ kind, choice }: PushAction): Promise<void> {
    const caller = this.#callers[choice % 2 === 0 ? 0 : 1];
    const bob = this.#bobs[choice % 2 === 0 ? 0 : 1];
    const callId = this.#someCall(choice);
    switch (kind) {
      case "passTime":
        return this.scenario.clock.advance(waitsMs[choice % waitsMs.length] ?? 1);
      case "offer":
        return this.#offer(caller, "bob");
      case "dialBack":
        return this.#offer(bob, caller.user);
      case "cancel":
        return caller.send({ type: "hangup", callId });
      case "join":
        return bob.connect({ resume: choice > 5 });
      case "lose":
        return bob.loseSocket();
      case "loseCaller":
        return caller.loseSocket();
      case "joinCaller":
        return caller.connect({ resume: true });
      case "confirm":
        return bob.send({ type: "ping", seq: bob.session?.queue.lastSeq ?? 0 });
      case "ringing":
        return bob.send({ type: "ringing", callId });
      case "answer":
        return bob.send({ type: "answer", callId, sdp: "answer" });
      case "reject":
        return bob.send({ type: "reject", callId, ...(choice > 8 ? { reason: "busy" as const } : {}) });
      default:
        this.#actOfPush({ kind, choice }, callId);
    }
  }

  #actOfPush({ kind, choice }: PushAction, callId: string): void {
    const { rings } = this.scenario.node.engine;
    const device = pushDevices[choice % 2 === 0 ? 0 : 1].device;
    switch (kind) {
      case "begin":
        this.#begin();
        break;
      case "outcome":
        this.push.answer(outcomes[choice % outcomes.length] ?? "sent");
        break;
      case "overflow":
        this.#overflow();
        break;
      case "ticketRinging":
        rings.ringShown(callId, { device });
        break;
      case "ticketReject":
        rings.ringRejected(callId, { device }, choice > 5);
        break;
      case "wishes":
        this.#changeWishes(choice);
        break;
      case "crash":
        this.#crash();
        break;
      case "crashAtCommit":
        this.journal.crashAtNextCommit(choice % 2 === 0 ? "before" : "after", () => {
          this.#allowForDeath();
          this.scenario.node.die();
        });
        break;
      default:
    }
  }

  async #offer(from: ScenarioDevice, to: string): Promise<void> {
    if (!from.isOnline) return;
    const callId = this.scenario.id(this.scenario.proposeCall());
    await from.send({ type: "offer", to, callId, sdp: "offer", supersede: to === "bob" });
  }

  #changeWishes(choice: number): void {
    const blocked = choice % 3 === 1 ? new Map([["ann", 0]]) : new Map<string, number>();
    this.scenario.userFacts.describe("bob", { blocked, doNotDisturb: choice % 3 === 2 });
  }

  /** One of the unfinished calls, or else the one that ended last. */
  #someCall(choice: number): string {
    const live = [...this.journal.live.keys()];
    return live[choice % Math.max(1, live.length)] ?? [...this.journal.ended.keys()].at(-1) ?? "none";
  }

  #begin(): void {
    const order = this.push.begin();
    if (!order) return;
    const key = `${order.kind} ${order.callId} ${order.device}`;
    const times = (this.#begun.get(key) ?? 0) + 1;
    this.#begun.set(key, times);
    assert.ok(times <= (this.#allowed.get(key) ?? 1), `${key} was begun ${times} times`);
    if (order.kind === "stop") return;
    const call = this.journal.live.get(order.callId);
    assert.ok(call && (call.state === "calling" || call.state === "ringing"), `${key} after its end`);
    assert.ok(!call.shadow && !call.quiet && !call.unscreened, `${key} though nobody may be rung`);
  }

  /** What found no room is counted, and not told. */
  #overflow(): void {
    const lost = this.push.overflow();
    if (lost?.kind === "stop") this.#begun.set(`stop ${lost.callId} ${lost.device}`, 1);
  }

  #crash(): void {
    this.journal.disarm();
    this.#allowForDeath();
    this.scenario.node.die();
    this.#restart();
  }

  #restart(): void {
    this.scenario.restart();
  }

  /** What was begun, as the journal knows, may be begun again. */
  #allowForDeath(): void {
    for (const call of [...this.journal.live.values(), ...this.#finished()]) {
      for (const { device, ring, stop } of call.pushes ?? []) {
        if (ring === "pushing") this.#allowOnceMore(`ring ${call.id} ${device}`);
        if (stop?.standing === "pushing") this.#allowOnceMore(`stop ${call.id} ${device}`);
      }
    }
  }

  #allowOnceMore(key: string): void {
    this.#allowed.set(key, (this.#allowed.get(key) ?? 1) + 1);
  }

  #finished(): FinishedCall[] {
    return this.journal.tombstones().map((body) => readBody("ended", body));
  }

  #noteLive(): void {
    const calls = [...this.journal.live.values(), ...this.#finished()];
    for (const [at, { device }] of pushDevices.entries()) {
      if (!this.#bobs[at]?.isOnline) continue;
      for (const { id, pushes = [] } of calls) {
        if (pushes.some((slot) => slot.device === device && slot.stop)) this.#wasThere.add(`${id} ${device}`);
      }
    }
  }

  /** Every device that rang by a push was told to stop, but for those that know. */
  #checkStops(call: FinishedCall): void {
    for (const { device, ring, over, stop } of call.pushes ?? []) {
      assert.ok(ring !== "pushing" && ring !== "due", `the ring of ${device} has an outcome`);
      assert.ok(stop?.standing === "done", `nothing is owed to ${device}`);
      if (ring !== "sent" || over || this.#wasThere.has(`${call.id} ${device}`)) continue;
      assert.ok(this.#begun.has(`stop ${call.id} ${device}`), `${device} rings on for ${call.id}`);
    }
  }
}
