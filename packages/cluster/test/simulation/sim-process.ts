import { defaultDeadlines, Engine, type NodeId, type Scripts } from "@echoo/core";
import { MemoryJournal, ScenarioUserFacts } from "@echoo/testkit";
import { ClusterNode } from "../../src/node/cluster-node.ts";
import type { SimStore } from "./sim-store.ts";
import type { SimWorld } from "./sim-world.ts";

/** A machine: its disk outlives its processes. */
export class SimMachine {
  readonly name: string;
  readonly #world: SimWorld;
  readonly #server: SimStore;
  journal = new MemoryJournal();
  /** Of disks that were lost: what they had stored before is in the database. */
  formerBoot: NodeId | undefined;
  process: SimProcess | undefined;
  /** How likely a process dies at a step that the store has taken. */
  crashes = 0;

  constructor(world: SimWorld, server: SimStore, name: string) {
    this.#world = world;
    this.#server = server;
    this.name = name;
  }

  boot(): void {
    this.process = new SimProcess(this.#world, this.#server, this);
  }

  /** What was written there is gone, and with it who the last process was. */
  losesDisk(): void {
    this.journal = new MemoryJournal();
    this.formerBoot = undefined;
  }

  /** The process dies; another begins after a while. */
  kill(downMs: number): void {
    if (!this.process) return;
    this.#world.log(() => `${this.name} (${this.process?.node}) is killed`);
    this.process.die();
    this.process = undefined;
    this.#world.after(downMs, () => this.boot());
  }
}

let boots = 0;

/** One life of a node: a real engine, and its connection to the store. */
export class SimProcess {
  readonly machine: SimMachine;
  readonly engine: Engine;
  readonly #cluster: ClusterNode;
  readonly #world: SimWorld;
  readonly #server: SimStore;
  readonly #skewMs: number;
  isAlive = true;
  isFrozen = false;
  /** From the store. */
  isCut = false;
  /** Its reader alone hears nothing. */
  isDeaf = false;
  readonly #held = new Map<string, (() => void)[]>();
  readonly onDeath: (() => void)[] = [];
  #ids = 0;

  constructor(world: SimWorld, server: SimStore, machine: SimMachine) {
    this.#world = world;
    this.#server = server;
    this.machine = machine;
    this.#skewMs = world.below(400) - 200;
    const clock = {
      now: () => 1_000_000_000_000 + world.nowMs + this.#skewMs,
      steady: () => 5_000 + world.nowMs,
      after: (delayMs: number, run: () => void) => this.#after(delayMs, run),
    };
    const { formerBoot } = machine;
    this.#cluster = new ClusterNode({
      clock,
      connect: (ended) => server.connect(this, ended),
      newNodeId: () => `${machine.name}b${++boots}`,
      ...(formerBoot === undefined ? {} : { formerBoot }),
      ...{ secret: "s", config: "c" },
      named: (node) => {
        machine.formerBoot = node;
        world.log(() => `${machine.name} is ${node}`);
      },
    });
    const boot = ++boots;
    this.engine = new Engine({
      clock,
      cluster: this.#cluster,
      ids: { callId: () => `fresh-${boot}-${++this.#ids}`, sessionId: () => `s${++this.#ids}` },
      userFacts: new ScenarioUserFacts(),
      journal: {
        commit: (batch) => {
          if (this.isAlive) machine.journal.commit(batch);
        },
        beat: () => {},
        load: () => machine.journal.load(),
        setCallAside: (kind, callId, error) => machine.journal.setCallAside(kind, callId, error),
      },
      deadlines: defaultDeadlines,
      unanswered: undefined,
      pingMs: 15_000,
      icePolicy: "all",
      everyoneListed: false,
      userIdRule: "phone",
      defer: (run) =>
        queueMicrotask(() => {
          if (this.isAlive) run();
        }),
      services: {
        hasTurn: false,
        iceServers: () => [],
        turnCredentials: () => ({ username: "", password: "", ttl: 60, uris: [] }),
        mayAskAbout: () => true,
        wasSeen: () => {},
      },
      observer: {
        sessionJoined: (_session, kind) => world.count(`join ${kind}`),
        sessionLost: () => {},
        sessionOver: () => {},
        callChanged: (call) => world.log(() => `  ${this.node} has ${call.id} ${call.state}`),
        callEnded: () => world.count("calls ended"),
        journalFailed: (error) => world.fail(`the journal failed: ${error}`),
        fault: (error) => world.fail(`a fault: ${error instanceof Error ? error.stack : error}`),
      },
    });
    this.engine.recover();
  }

  get node(): NodeId {
    return this.#cluster.node;
  }

  /** Anything that reaches the process; a frozen one gets it when it thaws, each channel in its order. */
  deliver(channel: string, run: () => void): void {
    if (!this.isAlive) return;
    if (!this.isFrozen) {
      run();
      return;
    }
    const held = this.#held.get(channel);
    if (held) held.push(run);
    else this.#held.set(channel, [run]);
  }

  thaw(): void {
    this.isFrozen = false;
    for (const [channel, runs] of [...this.#held]) {
      this.#held.delete(channel);
      const delayMs = this.#world.below(3);
      for (const run of runs) this.#world.after(delayMs, () => this.deliver(channel, run));
    }
  }

  /** The store has taken a step for this process; its answer is on the way. */
  stepped(name: keyof Scripts): void {
    if (this.machine.crashes === 0 || name === "beat" || name === "hello") return;
    if (!this.#world.chance(this.machine.crashes)) return;
    this.#world.count(`crash at ${name}`);
    this.machine.kill(500 + this.#world.below(15_000));
  }

  cutFor(forMs: number): void {
    this.isCut = true;
    this.#world.after(this.#world.below(3_000), () => this.#server.breakOf(this));
    this.#world.after(forMs, () => {
      this.isCut = false;
    });
  }

  die(): void {
    this.isAlive = false;
    this.#server.breakOf(this);
    for (const run of this.onDeath.splice(0)) run();
  }

  #after(delayMs: number, run: () => void): () => void {
    let isWanted = true;
    this.#world.after(delayMs, () => {
      if (!isWanted) return;
      this.deliver("t", () => {
        if (isWanted) run();
      });
    });
    return () => {
      isWanted = false;
    };
  }
}
