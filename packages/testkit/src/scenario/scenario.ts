import type { EngineOptions } from "@echoo/core";
import type { ServerMessage } from "@echoo/protocol";
import { FakeClock } from "../fake-clock.ts";
import { describeMessage, seconds } from "./describe-message.ts";
import { MemoryJournal } from "./memory-journal.ts";
import { ScenarioDevice } from "./scenario-device.ts";
import { type PlayedEngine, ScenarioNode } from "./scenario-node.ts";
import type { ScenarioPush } from "./scenario-push.ts";
import { ScenarioTranscript } from "./scenario-transcript.ts";
import { ScenarioUserFacts } from "./scenario-user-facts.ts";

export interface ScenarioOptions {
  readonly makeEngine?: (options: EngineOptions) => PlayedEngine;
  /** Called for every message that a device gets, in the order of arrival. */
  readonly onHeard?: (device: ScenarioDevice, message: ServerMessage) => void;
  /** One that can fail, for instance. */
  readonly journal?: MemoryJournal;
  /** Where it is absent no device is pushed to. */
  readonly push?: ScenarioPush;
}

const isUuid = /^[0-9a-f]{8}-/;

/**
 * People and their devices around one real engine, with a clock that stands still, ids that count and a journal that
 * outlives a crash. `label`: "ann", "bob's tablet", "leo (legacy)"; the first word is the user.
 */
export class Scenario {
  readonly clock = new FakeClock();
  readonly userFacts = new ScenarioUserFacts();
  readonly journal: MemoryJournal;
  readonly transcript: ScenarioTranscript;
  readonly devices: ScenarioDevice[] = [];
  /** What a device could tell was wrong with what it got. */
  readonly failures: string[] = [];
  node: ScenarioNode;
  readonly #options: ScenarioOptions;
  readonly #calls: string[] = [];
  /** Names of proposed calls by their ids. */
  readonly #names = new Map<string, string>();
  #ids = 0;

  constructor(options: ScenarioOptions = {}) {
    this.#options = options;
    this.journal = options.journal ?? new MemoryJournal();
    this.transcript = new ScenarioTranscript(() => this.clock.steady());
    this.node = this.#start();
  }

  /**
   * A device that has not joined yet. One without a device id of its own is `anonymous`; `deviceId`: one that it shares
   * with another tab.
   */
  device(
    label: string,
    options: { anonymous?: boolean; deviceId?: string; token?: string; voucher?: string; session?: string } = {},
  ): ScenarioDevice {
    const isLegacy = label.includes("(legacy)");
    const user = /^\w+/.exec(label)?.[0] ?? label;
    const { token, voucher, session } = options;
    const device = new ScenarioDevice(this, {
      user,
      label: label.replace(" (legacy)", ""),
      deviceId: isLegacy || options.anonymous ? undefined : (options.deviceId ?? label),
      isLegacy,
      ...(token === undefined ? {} : { token }),
      ...(voucher === undefined ? {} : { voucher }),
      ...(session === undefined ? {} : { session }),
    });
    this.devices.push(device);
    return device;
  }

  /** The name of the next call that is proposed. */
  proposeCall(): string {
    const name = `c${this.#calls.length + 1}`;
    this.#calls.push(name);
    return name;
  }

  /** The id of a call by its name; what is an id already stays. */
  id(name: string): string {
    if (name === "" || isUuid.test(name) || name.startsWith("fresh-")) return name;
    const known = [...this.#names].find(([, other]) => other === name)?.[0];
    if (known !== undefined) return known;
    const id = `00000000-0000-4000-8000-${String(this.#names.size).padStart(12, "0")}`;
    this.#names.set(id, name);
    return id;
  }

  /** Does something as one row of the transcript. */
  async row(label: string, act: () => void | Promise<void>): Promise<void> {
    this.transcript.open(label);
    await act();
    this.node.endTurn();
    this.transcript.close();
  }

  /** Time passes; what it causes is noted at its own time. */
  passes(ms: number): void {
    this.transcript.close();
    this.clock.advance(ms);
  }

  /** The process dies and another one reads what it left. All sockets are gone. */
  restart(afterMs = 0): void {
    this.node.die();
    this.userFacts.restarted();
    this.#options.push?.restarted();
    for (const device of this.devices) device.cutOff();
    this.clock.advance(afterMs);
    this.node = this.#start();
  }

  heard(device: ScenarioDevice, what: ServerMessage | string): void {
    const said = typeof what === "string" ? what : describeMessage(what, (id) => this.#name(id));
    // Lists of users come with every join of a legacy device, and say nothing of its calls.
    if (typeof what === "string" || what.type !== "userList") this.transcript.note(`${device.label} < ${said}`);
    if (typeof what !== "string") this.#options.onHeard?.(device, what);
  }

  fail(why: string, message: ServerMessage): void {
    this.failures.push(`${why}: ${JSON.stringify(message)}`);
  }

  expect(rows: string): void {
    this.transcript.expect(rows);
  }

  #start(): ScenarioNode {
    return new ScenarioNode({
      clock: this.clock,
      ids: { callId: () => `fresh-${++this.#ids}`, sessionId: () => `session-${++this.#ids}` },
      userFacts: this.userFacts,
      journal: this.journal,
      push: this.#options.push,
      ...(this.#options.makeEngine ? { makeEngine: this.#options.makeEngine } : {}),
      callEnded: (record) => {
        const talk = record.answeredAtMs === undefined ? "" : ` ${seconds(record.durationSec * 1000)}`;
        const by = record.endedBy === undefined ? "" : ` by ${record.endedBy}`;
        const id = this.#name(record.callId);
        this.transcript.note(`recorded ${record.endReason}${by}${talk}${id === "" ? "" : ` ${id}`}`);
      },
    });
  }

  /** Calls are told apart once there are two. */
  #name(callId: string): string {
    const name = this.#names.get(callId) ?? callId;
    if (name.startsWith("fresh-") && !this.#calls.includes(name)) this.#calls.push(name);
    return this.#calls[0] === name && this.#names.has(callId) ? "" : name;
  }
}
