import type { StoredCall } from "../../src/memory/memory-data.ts";
import { SimClient, type SimPlace } from "./sim-client.ts";
import { SimMachine, type SimProcess } from "./sim-process.ts";
import { SimStore } from "./sim-store.ts";
import { SimWorld } from "./sim-world.ts";

export type Fault =
  | "none"
  | "kill"
  | "disk"
  | "freeze"
  | "cut"
  | "deaf"
  | "hang"
  | "restart"
  | "empty"
  | "failover"
  | "crash";

const faults: readonly Fault[] = [
  "kill",
  "disk",
  "freeze",
  "cut",
  "deaf",
  "hang",
  "restart",
  "empty",
  "failover",
  "crash",
];

export interface ScheduleOptions {
  readonly seed: number;
  /** These alone; all where absent. */
  readonly faults?: readonly Fault[];
  readonly trace?: (line: string) => void;
}

const stopMs = 120_000;

/** People who dial, answer, hang up and lose their networks, on several nodes, while things break; then all is well again. */
export class Schedule implements SimPlace {
  readonly world: SimWorld;
  readonly machines: SimMachine[] = [];
  readonly clients: SimClient[] = [];
  readonly told = new Map<string, Map<SimClient, string>>();
  hasFrozen = false;
  readonly #server: SimStore;
  readonly #faults: readonly Fault[];
  /** Records that are in the database; the first of a call stays. */
  readonly #database = new Map<string, string>();
  readonly #isMultiple: boolean;
  #lostAtMs = Number.NEGATIVE_INFINITY;
  #hasLost = false;
  #hasLostDisk = false;

  constructor({ seed, faults: only, trace }: ScheduleOptions) {
    this.world = new SimWorld(seed, trace);
    this.#server = new SimStore(this.world, () => this.#check());
    this.#faults = only ?? faults;
    this.#isMultiple = this.world.below(3) === 0;
    const { world } = this;
    for (let at = 0, nodes = 2 + world.below(3); at < nodes; at += 1) {
      const machine = new SimMachine(world, this.#server, `n${at + 1}`);
      this.machines.push(machine);
      machine.boot();
    }
    for (let user = 0, users = 2 + world.below(4); user < users; user += 1) {
      for (let device = 0, devices = 1 + world.below(2); device < devices; device += 1) {
        const client = new SimClient(this, "abcdef"[user] ?? "", String(device));
        this.clients.push(client);
        world.at(6_000 + world.below(3_000), () => client.connect());
        world.at(9_000 + world.below(4_000), () => client.act());
      }
    }
    for (let atMs = 15_000; atMs < stopMs - 30_000; ) {
      world.at(atMs, () => this.#fault());
      atMs += this.#isMultiple ? 500 + world.below(30_000) : 60_000;
    }
  }

  async play(): Promise<void> {
    const { world } = this;
    this.#storeRecords();
    this.#sweepRecords();
    await world.runUntil(stopMs);
    for (const client of this.clients) client.isActing = false;
    for (const machine of this.machines) machine.crashes = 0;
    await world.runUntil(stopMs + 25_000);
    this.#everyDeviceRings();
    await world.runUntil(stopMs + 75_000);
    this.#allAgree();
    for (const client of this.clients) if (client.isJoined) client.hangUp();
    await world.runUntil(stopMs + 225_000);
    this.#nothingIsLeft();
    for (const { process } of this.machines) process?.die();
  }

  isExcused(withinMs: number): boolean {
    return this.world.nowMs - this.#lostAtMs < withinMs;
  }

  anyProcess(): SimProcess | undefined {
    const { process } = this.machines[this.world.below(this.machines.length)] ?? {};
    return process?.isAlive && !process.isFrozen ? process : undefined;
  }

  #fault(): void {
    const { world } = this;
    const machine = this.machines[world.below(this.machines.length)];
    const fault = this.#faults[world.below(this.#faults.length)];
    const process = machine?.process;
    if (!machine || !process || fault === undefined) return;
    world.log(() => `FAULT ${fault} (${machine.name})`);
    world.count(`fault ${fault}`);
    this.#apply(fault, machine, process);
  }

  #apply(fault: Fault, machine: SimMachine, process: SimProcess): void {
    const { world } = this;
    const server = this.#server;
    const isAway = server.isDown || server.isHung;
    switch (fault) {
      case "none":
        return;
      case "kill":
        machine.kill(500 + world.below(15_000));
        return;
      case "disk":
        this.#hasLostDisk = true;
        machine.kill(500 + world.below(15_000));
        machine.losesDisk();
        return;
      case "crash":
        machine.crashes = 0.05;
        return;
      case "freeze":
        if (process.isFrozen) return;
        process.isFrozen = true;
        this.hasFrozen = true;
        world.after(2_000 + world.below(26_000), () => process.thaw());
        return;
      case "cut":
        if (!process.isCut) process.cutFor(500 + world.below(30_000));
        return;
      case "deaf":
        process.isDeaf = true;
        world.after(1_000 + world.below(15_000), () => {
          process.isDeaf = false;
        });
        return;
      case "hang":
        if (!isAway) server.hang(1_000 + world.below(30_000));
        return;
      case "restart":
        if (!isAway) server.restart(500 + world.below(20_000), "same");
        return;
      case "empty":
        if (!isAway) this.#loses(500 + world.below(10_000), "none");
        return;
      case "failover": {
        const kept = server.store.data.copy();
        world.after(100 + world.below(2_000), () => {
          if (!server.isDown && !server.isHung) this.#loses(500 + world.below(5_000), kept);
        });
      }
    }
  }

  #loses(downMs: number, data: Parameters<SimStore["restart"]>[1]): void {
    this.#hasLost = true;
    this.#lostAtMs = this.world.nowMs;
    this.#server.restart(downMs, data);
    this.world.after(downMs, () => {
      this.#lostAtMs = this.world.nowMs;
    });
  }

  #unfinished(): [string, StoredCall][] {
    return [...this.#server.store.data.calls].filter(([, { tombstone, rev }]) => tombstone === undefined && rev > 0);
  }

  /** After each step: no user in two answered calls, no two calls of one pair. */
  #check(): void {
    if (this.isExcused(20_000)) return;
    const talking = new Map<string, string>();
    const pairs = new Set<string>();
    for (const [id, { facts }] of this.#unfinished()) {
      const { caller, callee, state } = facts;
      if (state === "answered") {
        for (const user of [caller, callee]) {
          const other = talking.get(user);
          if (other !== undefined) this.world.fail(`two calls: ${user} is in ${other} and ${id}`);
          talking.set(user, id);
        }
      } else {
        if (pairs.has(`${callee}>${caller}`)) this.world.fail(`two calls of one pair: ${caller} and ${callee}`);
        pairs.add(`${caller}>${callee}`);
      }
    }
  }

  /** Every device of a callee that is there has been asked, or was told to stop. */
  #everyDeviceRings(): void {
    for (const [id, { facts, fields }] of this.#unfinished()) {
      if (facts.state !== "ringing") continue;
      const call = JSON.parse(fields.head ?? "{}") as {
        offered: { session: string; device: string; standing: string }[];
        reserved?: { device: string };
      };
      for (const client of this.clients) {
        const isReserved = call.reserved !== undefined && call.reserved.device !== client.name;
        const isNew = this.world.nowMs - client.joinedAtMs < 5_000;
        if (client.user !== facts.callee || !client.isJoined || isNew || isReserved) continue;
        const isAsked = call.offered.some(({ session, device, standing }) => {
          return session === client.session || (device === client.name && standing === "stopped");
        });
        if (!isAsked) this.world.fail(`never rings: ${client.name} is there and was not asked of ${id}`);
      }
    }
  }

  /** Long after the last fault clients and the store agree on who is in which call. */
  #allAgree(): void {
    const calls = new Map(this.#unfinished());
    for (const client of this.clients) {
      if (!client.isJoined) this.world.fail(`${client.name} cannot join`);
      else if (client.held !== undefined && client.state === "talking") {
        const call = calls.get(client.held);
        const legs = call && legsOf(call);
        if (call?.facts.state !== "answered" || !legs) {
          this.world.fail(`${client.name} believes to be in ${client.held}, which is not answered in the store`);
        } else if (client.session !== undefined && !legs.includes(client.session)) {
          this.world.fail(
            `${client.name} is in ${client.held} by session ${client.session}, which is no leg of ${legs}`,
          );
        }
      }
    }
    for (const [id, call] of calls) {
      if (call.facts.state !== "answered") continue;
      for (const leg of legsOf(call)) {
        const isHeld = this.clients.some(({ held, session }) => held === id && session === leg);
        if (!isHeld) this.world.fail(`${id} is answered, and the client of leg ${leg} is not in it`);
      }
    }
  }

  /** Each node gives its own records to the database. */
  #storeRecords(): void {
    this.world.after(700, () => this.#storeRecords());
    for (const { process, journal } of this.machines) {
      if (!process || process.isFrozen) continue;
      for (const { callId, endReason } of journal.records) this.#stored(callId, endReason);
    }
  }

  #stored(callId: string, endReason: string): void {
    if (!this.#database.has(callId)) this.#database.set(callId, endReason);
  }

  /** What waits in the store for too long, any node gives to the database. */
  #sweepRecords(): void {
    this.world.after(6_000, () => this.#sweepRecords());
    const { isDown, isHung, store } = this.#server;
    if (isDown || isHung || !this.anyProcess()) return;
    const waiting = store.waitingRecords(20_000, 100);
    for (const { record } of waiting) {
      const { callId, endReason } = JSON.parse(record) as { callId: string; endReason: string };
      this.#stored(callId, endReason);
    }
    store.recordsStored(waiting.map(({ id }) => id));
  }

  /** Everybody hung up: no lock, ring or call is left, and each call that a client was told of has its record. */
  #nothingIsLeft(): void {
    const { data } = this.#server.store;
    for (const [name, { live, rings }] of data.users) {
      if (live !== undefined || rings.size > 0) this.world.fail(`busy for ever: ${name} has ${live} ${[...rings]}`);
    }
    for (const [id, { home, facts }] of this.#unfinished())
      this.world.fail(`never ends: ${id} (${facts.state}) at ${home}`);
    for (const [home, ids] of data.homes) if (ids.size > 0) this.world.fail(`left with ${home}: ${[...ids]}`);
    for (const { process } of this.machines) {
      if (process && process.engine.activeCalls > 0) this.world.fail(`${process.node} still holds a call`);
    }
    for (const client of this.clients) {
      if (client.held !== undefined || client.rings.size > 0) {
        this.world.fail(`${client.name} still has ${client.held} ${[...client.rings]}`);
      }
    }
    this.#everyCallIsRecorded();
  }

  #everyCallIsRecorded(): void {
    const records = this.#database;
    for (const [callId, told] of this.told) {
      const recorded = records.get(callId);
      this.world.count("calls");
      if (recorded === undefined) {
        // Its disk and the store's data were lost: nobody knows of it any more.
        if (this.#hasLost && this.#hasLostDisk) this.world.count("records excused");
        else this.world.fail(`no record of ${callId}, of which a client was told`);
        continue;
      }
      const others = [...told.values()].filter((reason) => reason !== recorded && !reason.endsWith("_elsewhere"));
      if (others.length > 0 && !(this.#hasLost && this.#isMultiple)) {
        this.world.fail(`outcomes differ: ${callId} is recorded as ${recorded}, clients were told ${others}`);
      }
    }
  }
}

function legsOf(call: StoredCall): string[] {
  const head = JSON.parse(call.fields.head ?? "{}") as {
    callerLeg: { session: string };
    calleeLeg?: { session: string };
  };
  return [head.callerLeg.session, ...(head.calleeLeg ? [head.calleeLeg.session] : [])];
}
