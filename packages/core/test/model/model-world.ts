import type { EngineOptions } from "@echoo/core";
import { type PlayedEngine, Scenario, type ScenarioDevice } from "@echoo/testkit";
import { isAnswered, type Leg } from "../../src/call/call.ts";
import { holdsLeg, legOf } from "../../src/call/legs.ts";
import { isShownOn } from "../../src/call/offered-devices.ts";
import { type Invariants, newInvariants } from "./check-invariants.ts";
import { CrashingJournal } from "./crashing-journal.ts";
import { DeviceView } from "./device-view.ts";
import type { ModelAction } from "./model-action.ts";
import { ModelTime } from "./model-time.ts";

const users = ["ann", "bob", "cleo"] as const;
/** What time may be let pass in one step; each crosses a deadline for some state. */
const waitsMs = [1, 500, 1_500, 3_000, 9_999, 10_000, 15_000, 20_000, 30_000, 45_000, 50_000, 60_000];

/** Three users with two devices each, walked at random. Every step is followed by a look at all invariants. */
export class ModelWorld {
  readonly journal = new CrashingJournal();
  readonly scenario: Scenario;
  readonly time: ModelTime;
  readonly views: DeviceView[];
  readonly #invariants: Invariants;
  readonly #candidates = new Map<string, number>();
  readonly #negotiations = new Map<string, number>();
  #messages = 0;

  constructor(makeEngine?: (options: EngineOptions) => PlayedEngine) {
    const views = new Map<ScenarioDevice, DeviceView>();
    this.scenario = new Scenario({
      journal: this.journal,
      ...(makeEngine ? { makeEngine } : {}),
      onHeard: (device, message) => views.get(device)?.hear(message),
    });
    this.time = new ModelTime(this.scenario.clock, this.journal);
    const devices = [
      this.scenario.device("ann"),
      this.scenario.device("ann's tablet"),
      this.scenario.device("bob"),
      this.scenario.device("bob's phone (legacy)"),
      this.scenario.device("cleo", { anonymous: true }),
      this.scenario.device("cleo's phone (legacy)"),
    ];
    this.views = devices.map((device) => new DeviceView(device));
    for (const view of this.views) views.set(view.device, view);
    this.#invariants = newInvariants(this);
  }

  /** How many candidates of a call a device has sent, heard or not. */
  sentCandidates(callId: string, label: string): number {
    return this.#candidates.get(`${callId} ${label}`) ?? 0;
  }

  async start(): Promise<void> {
    for (const { device } of this.views) await device.connect({ resume: false });
    this.scenario.transcript.restart();
  }

  async step(action: ModelAction): Promise<void> {
    const view = this.views[action.device];
    if (!view) return;
    await this.scenario.row(`${view.device.label} ${action.kind} ${action.choice}`, async () => {
      await this.#act(view, action);
      await this.#reviveIfDead();
    });
    this.#invariants.afterStep(view);
  }

  /** All sockets close and the clock runs out. */
  async finish(): Promise<void> {
    this.journal.disarm();
    this.#release();
    for (const { device } of this.views) {
      device.loseOlderSockets();
      device.loseSocket();
    }
    this.scenario.passes(200_000);
    this.#invariants.atEnd();
  }

  async #act(view: DeviceView, action: ModelAction): Promise<void> {
    const { device } = view;
    switch (action.kind) {
      case "passTime":
        return this.scenario.clock.advance(waitsMs[action.choice % waitsMs.length] ?? 1);
      case "setClock":
        return this.time.setClock(action.choice);
      case "holdDatabase":
        return this.scenario.userFacts.databaseHangs();
      case "releaseDatabase":
        return this.#release();
      case "crash":
        return this.#crash(action.choice);
      case "crashAtCommit":
        return this.journal.crashAtNextCommit(action.choice % 2 === 0 ? "before" : "after", () =>
          this.scenario.node.die(),
        );
      case "loseSocket":
        return device.loseSocket();
      case "goDeaf":
        return device.goDeaf();
      case "loseOlder":
        return device.loseOlderSockets();
      default:
        await this.#speak(view, action);
    }
  }

  async #speak(view: DeviceView, { kind, choice }: ModelAction): Promise<void> {
    const { device } = view;
    const id = choice % 2 === 0 ? { id: `m${++this.#messages}` } : {};
    const callId = this.#callOf(view, choice);
    switch (kind) {
      case "resume":
        return this.#connect(view, true);
      case "restartApp":
        return this.#connect(view, false);
      case "joinAgain":
        return this.#joinAgain(view, choice);
      case "reuseNumber":
        return view.isLegacy ? undefined : this.#reuseNumber(view, choice, callId);
      case "offer":
      case "supersede":
        return this.#offer(view, choice, kind === "supersede");
      case "offerAgain":
      case "repeat":
        return view.isLegacy ? undefined : this.#repeat(device);
      case "ring":
        return device.send({ type: "ringing", callId, ...id });
      case "answer":
        return this.#answer(view, callId);
      case "candidate":
        return this.#candidate(view, callId);
      case "reject":
      case "busy":
        return this.#end(view, "reject", callId, kind === "busy" ? { reason: "busy", ...id } : id);
      case "hangup":
        return this.#end(view, "hangup", callId, choice === 11 ? { reason: "ice_failed", ...id } : id);
      case "connected":
        return view.isLegacy ? undefined : device.send({ type: "connected", callId, ...id });
      case "renegotiate":
        return view.isLegacy ? undefined : this.#renegotiate(view, callId);
      case "answerRenegotiation":
        return view.isLegacy ? undefined : this.#answerAgain(view, callId);
      case "leave":
        return this.#leave(view);
      case "askForUsers":
        return this.#askForUsers(view);
      case "foreign":
        return this.#speakOfForeignCall(view, choice);
      default:
    }
  }

  /** A call on its screen, or one that nobody has. */
  #callOf(view: DeviceView, choice: number): string {
    const own = [...view.screens.keys()];
    return own[choice % Math.max(1, own.length)] ?? "none";
  }

  async #connect(view: DeviceView, resume: boolean): Promise<void> {
    this.#release();
    if (view.isLegacy) return this.#joinLegacy(view, () => view.device.connect({ resume }));
    if (!resume) view.clear();
    await view.device.connect({ resume });
  }

  /** Its dial screen joins: the screen of a call is gone, and where the server has seen that, the call is over. */
  async #joinLegacy(view: DeviceView, join: () => Promise<void>): Promise<void> {
    const { node } = this.scenario;
    const left = this.#lostBy(view);
    view.clear();
    await join();
    if (!node.isAlive || !view.device.isOnline) return;
    this.#checkLeft(view, left);
  }

  /** Its dial screen is in front, as the server can tell once it has joined a while ago. */
  async #askForUsers(view: DeviceView): Promise<void> {
    const { session } = view.device;
    if (!view.device.isOnline || !session) return;
    const { node } = this.scenario;
    const hasStarted = view.isLegacy && this.time.now() - session.joinedAtMs > 2_000;
    const placed = [...this.journal.live.values()].filter((call) => holdsLeg(call, session.id)).map(({ id }) => id);
    if (hasStarted) view.clear();
    await view.device.send({ type: "getUsers" });
    if (!node.isAlive || !hasStarted) return;
    this.#checkLeft(view, placed);
    const rings = [...this.journal.live.values()].filter((call) => isShownOn(call, session.id));
    for (const { id, ...call } of rings) {
      const isWaiting = "reserved" in call && call.reserved?.offerAtMs !== undefined;
      if (!isWaiting && !view.screens.has(id)) view.faults.push(`${view.device.label} was not offered ${id} again`);
    }
  }

  /** Answered calls of its number whose legacy device is away. */
  #lostBy({ device: { user } }: DeviceView): string[] {
    const calls = [...this.journal.live.values()].filter(({ caller, callee }) => caller === user || callee === user);
    const isLost = (leg: Leg | undefined) => leg !== undefined && !leg.can.resumes && leg.lostAtMs !== undefined;
    return calls.filter((call) => isAnswered(call) && isLost(legOf(call, user))).map(({ id }) => id);
  }

  #checkLeft(view: DeviceView, left: readonly string[]): void {
    for (const callId of left) {
      const how = this.journal.ended.get(callId) ?? "goes on";
      if (!["hangup", "cancelled"].includes(how))
        view.faults.push(`${view.device.label} has left ${callId}, which ${how}`);
    }
  }

  /** Once more on the same socket, which has a session already. */
  async #joinAgain(view: DeviceView, choice: number): Promise<void> {
    this.#release();
    if (!view.device.isOnline) return;
    const resume = choice % 2 === 0;
    // On the same socket the server sees the loss and the join at once.
    if (view.isLegacy) return this.#joinLegacy(view, () => view.device.joinAgain({ resume }));
    if (!resume) view.clear();
    await view.device.joinAgain({ resume });
  }

  /** A new message with an old number changes nothing: but a ping is answered, and a session that is left is over. */
  async #reuseNumber(view: DeviceView, choice: number, callId: string): Promise<void> {
    const { device } = view;
    if (!device.isOnline || device.session?.handledN === 0) return;
    const [commits, heard] = [this.journal.commits, device.received.length];
    if (choice % 4 === 0) {
      await device.reuseNumber({ type: "ping" });
      const answer = device.received.at(-1);
      if (device.received.length !== heard + 1 || answer?.type !== "pong") {
        view.faults.push(`${device.label}: a ping was not answered`);
      }
    } else if (choice % 4 === 1) {
      const { session } = device;
      await device.reuseNumber({ type: "leave" });
      view.clear();
      if (this.scenario.node.isAlive && !session?.isOver) view.faults.push(`${device.label} could not leave`);
    } else {
      const old =
        choice % 4 === 2 ? ({ type: "hangup", callId } as const) : ({ type: "answer", callId, sdp: "" } as const);
      await device.reuseNumber(old);
      if (this.journal.commits !== commits || device.received.length !== heard) {
        view.faults.push(`${device.label}: a number that was used did something`);
      }
    }
  }

  async #offer(view: DeviceView, choice: number, supersede: boolean): Promise<void> {
    const { device } = view;
    if (!device.isOnline) return;
    const to = users[choice % 3] ?? "ann";
    if (view.isLegacy && to !== device.user) view.clear();
    const callId = this.scenario.id(this.scenario.proposeCall());
    const sdp = `${device.label} offers ${callId}`;
    view.proposed.add(callId);
    view.dialled.add(to);
    const more = view.isLegacy ? {} : { callId, neg: 1, ...(supersede ? { supersede } : {}) };
    return device.send({ type: "offer", to, sdp, ...more });
  }

  /** The same message with the same number on the same session changes nothing and says nothing. */
  async #repeat(device: ScenarioDevice): Promise<void> {
    if (!device.isOnline) return;
    const commits = this.journal.commits;
    const heard = device.received.length;
    if (!(await device.repeatLast())) return;
    if (this.journal.commits !== commits || device.received.length !== heard) {
      this.views[0]?.faults.push(`${device.label}: a repeated message did something`);
    }
  }

  async #answer(view: DeviceView, callId: string): Promise<void> {
    const screen = view.screens.get(callId);
    if (screen?.role === "caller" && !view.isLegacy) return;
    const to = this.#peerOf(view, callId);
    if (screen) view.answering.add(callId);
    await view.device.send({ type: "answer", callId, sdp: view.device.label, neg: 1, ...to });
    const call = this.journal.live.get(callId);
    if (call && "calleeLeg" in call && call.calleeLeg.session === view.device.session?.id) view.answered(callId);
  }

  async #candidate(view: DeviceView, callId: string): Promise<void> {
    if (!view.screens.has(callId)) return;
    const key = `${callId} ${view.device.label}`;
    const number = (this.#candidates.get(key) ?? 0) + 1;
    if (!view.isLegacy || view.device.isOnline) this.#candidates.set(key, number);
    const candidate = { candidate: `${view.device.label}#${number}` };
    await view.device.send({ type: "candidate", callId, candidate, ...this.#peerOf(view, callId) });
  }

  async #end(view: DeviceView, type: "reject" | "hangup", callId: string, more: { id?: string; reason?: string }) {
    if (more.id !== undefined) view.endings.set(more.id, { callId, type });
    const named = view.isLegacy && this.#messages % 2 === 0 ? "" : callId;
    const to = this.#peerOf(view, callId);
    // Its screen is gone with the press of the button, whether or not anybody hears of that.
    if (view.isLegacy) view.screens.clear();
    await view.device.send({ type, callId: named, ...to, ...more });
  }

  async #renegotiate(view: DeviceView, callId: string): Promise<void> {
    if (!view.screens.get(callId)?.isAnswered) return;
    const key = `${callId} ${view.device.label}`;
    const neg = (this.#negotiations.get(key) ?? 1) + 1;
    this.#negotiations.set(key, neg);
    const to = this.#peerOf(view, callId).to ?? "bob";
    await view.device.send({ type: "offer", callId, to, sdp: `again ${neg}`, neg });
  }

  async #answerAgain(view: DeviceView, callId: string): Promise<void> {
    if (!view.screens.get(callId)?.isAnswered) return;
    const offered = view.device.received.findLast((message) => message.type === "offer" && message.callId === callId);
    const neg = offered?.type === "offer" ? (offered.neg ?? 1) : 1;
    await view.device.send({ type: "answer", callId, sdp: "again", neg, ...this.#peerOf(view, callId) });
  }

  async #leave(view: DeviceView): Promise<void> {
    if (!view.device.isOnline) return;
    await view.device.leave();
    view.clear();
  }

  /** A call that is another user's, or another device's, or long over. */
  async #speakOfForeignCall(view: DeviceView, choice: number): Promise<void> {
    const { device } = view;
    if (!device.isOnline) return;
    const foreign = [...this.journal.live.values()].find(({ id, caller, callee }) => {
      const isParty = caller === device.user || callee === device.user;
      return isParty ? !view.isLegacy && !view.screens.has(id) && !view.proposed.has(id) : true;
    });
    const callId = foreign?.id ?? [...this.journal.ended.keys()].at(-1);
    if (callId === undefined) return;
    const before = JSON.stringify(foreign);
    // One that shows one call and answers has the screen of that call, whichever it is.
    if (choice % 3 === 0 && view.isLegacy) view.screens.clear();
    if (choice % 3 === 0) await device.send({ type: "answer", callId, sdp: "foreign" });
    else if (choice % 3 === 1) await device.send({ type: "hangup", callId });
    else await device.send({ type: "candidate", callId, candidate: { candidate: "foreign#1" } });
    if (foreign && this.scenario.node.isAlive && JSON.stringify(this.journal.live.get(callId)) !== before) {
      view.faults.push(`${device.label} changed a call that is not its own`);
    }
  }

  #peerOf(view: DeviceView, callId: string): { to?: string } {
    const call = this.journal.live.get(callId);
    if (!call) return view.isLegacy ? { to: users.find((user) => user !== view.device.user) ?? "ann" } : {};
    return { to: call.caller === view.device.user ? call.callee : call.caller };
  }

  /** Nobody joins without the database; calls go on. */
  #release(): void {
    this.scenario.userFacts.databaseAnswers();
  }

  async #crash(choice: number): Promise<void> {
    this.journal.disarm();
    this.scenario.node.die();
    this.#release();
    this.#invariants.beforeRestart();
    this.time.over(() => this.scenario.restart(waitsMs[choice]));
    this.#invariants.afterRestart();
  }

  async #reviveIfDead(): Promise<void> {
    if (this.scenario.node.isAlive) return;
    this.#release();
    this.#invariants.beforeRestart();
    this.time.over(() => this.scenario.restart());
    this.#invariants.afterRestart();
  }
}
