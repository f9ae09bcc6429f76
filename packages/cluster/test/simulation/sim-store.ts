import type { Entry, NodeId, RemoteScripts, Scripts, UserPresence } from "@echoo/core";
import type { MemoryData } from "../../src/memory/memory-data.ts";
import { MemoryStore } from "../../src/memory/memory-store.ts";
import type { StoreConnection } from "../../src/node/cluster-node.ts";
import type { SimProcess } from "./sim-process.ts";
import type { SimWorld } from "./sim-world.ts";

/** The store of a schedule, with what happens to stores, and connections that answer late, or never. */
export class SimStore {
  readonly store: MemoryStore;
  readonly #world: SimWorld;
  readonly #connections = new Set<SimConnection>();
  readonly #check: () => void;
  isDown = false;
  isHung = false;
  #run = 1;
  #held: (() => void)[] = [];

  /** `check` looks at the store after each step. */
  constructor(world: SimWorld, check: () => void) {
    this.#world = world;
    this.#check = check;
    this.store = new MemoryStore(
      () => 1_000_000_000_000 + world.nowMs,
      (node) => {
        for (const connection of this.#connections) if (connection.process.node === node) connection.wakeLater();
      },
      (presence) => {
        for (const connection of this.#connections) connection.hears(presence);
      },
    );
  }

  get runId(): string {
    return `run${this.#run}`;
  }

  connect(process: SimProcess, ended: () => void): Promise<StoreConnection> {
    return new Promise((resolve, reject) => {
      this.#world.after(this.#world.latencyMs(), () => {
        if (this.isDown || process.isCut || this.isHung) {
          reject(new Error("no connection"));
          return;
        }
        const connection = new SimConnection(this.#world, this, process, () => {
          this.#connections.delete(connection);
          ended();
        });
        this.#connections.add(connection);
        resolve(connection);
      });
    });
  }

  /** Runs a step; while the store hangs it waits for that to be over. */
  step(run: () => void): void {
    if (this.isHung) {
      this.#held.push(run);
      return;
    }
    run();
    this.#check();
  }

  hang(forMs: number): void {
    this.isHung = true;
    this.#world.after(forMs, () => {
      this.isHung = false;
      for (const run of this.#held.splice(0)) run();
      for (const connection of this.#connections) connection.wakeLater();
    });
  }

  /** Its process ends and another begins, with what it has, nothing, or what it had a while ago. */
  restart(afterMs: number, data: "same" | "none" | MemoryData): void {
    this.isDown = true;
    for (const connection of [...this.#connections]) connection.break();
    this.#world.after(afterMs, () => {
      this.isDown = false;
      this.#run += 1;
      if (data === "none") this.store.loseTo(undefined);
      else if (data !== "same") this.store.loseTo(data);
    });
  }

  breakOf(process: SimProcess): void {
    for (const connection of [...this.#connections]) if (connection.process === process) connection.break();
  }
}

/** First in, first out, both ways, with a delay of its own each. */
class SimConnection implements StoreConnection {
  readonly scripts: RemoteScripts;
  readonly runId: string;
  readonly process: SimProcess;
  readonly #world: SimWorld;
  readonly #server: SimStore;
  readonly #ended: () => void;
  #upMs = 0;
  #downMs = 0;
  #isOver = false;
  readonly #waiting = new Set<(error: Error) => void>();
  #reader:
    | { readonly node: NodeId; readonly after: string; readonly resolve: (entries: readonly Entry[]) => void }
    | undefined;

  constructor(world: SimWorld, server: SimStore, process: SimProcess, ended: () => void) {
    this.#world = world;
    this.#server = server;
    this.process = process;
    this.#ended = ended;
    this.runId = server.runId;
    this.scripts = new Proxy({} as RemoteScripts, {
      get:
        (_target, name: keyof Scripts) =>
        (...args: unknown[]) =>
          this.#ask(name, args),
    });
  }

  read(node: NodeId, after: string): Promise<readonly Entry[]> {
    return new Promise((resolve, reject) => {
      if (this.#isOver) {
        reject(new Error("the connection is over"));
        return;
      }
      this.#waiting.add(reject);
      this.#reader = {
        node,
        after,
        resolve: (entries) => {
          this.#waiting.delete(reject);
          resolve(entries);
        },
      };
      this.wakeLater();
    });
  }

  trim(node: NodeId, upTo: string): void {
    if (!this.#isOver && !this.#server.isDown) this.#server.store.trim(node, upTo);
  }

  onPresence(run: (presence: readonly UserPresence[]) => void): void {
    this.#onPresence = run;
  }
  #onPresence: (presence: readonly UserPresence[]) => void = () => {};

  /** Announcements may be lost. */
  hears(presence: readonly UserPresence[]): void {
    const text = JSON.stringify(presence);
    this.#world.after(this.#world.latencyMs(), () => {
      if (this.#isOver || this.process.isCut || this.#world.chance(0.02)) return;
      this.process.deliver("p", () => {
        if (!this.#isOver) this.#onPresence(JSON.parse(text));
      });
    });
  }

  close(): void {
    this.break();
  }

  break(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.process.deliver("r", () => {
      for (const reject of [...this.#waiting]) reject(new Error("the connection broke"));
      this.#ended();
    });
  }

  wakeLater(): void {
    this.#world.after(this.#world.latencyMs(), () => this.#wake());
  }

  #wake(): void {
    const reader = this.#reader;
    if (!reader || this.#isOver || this.#server.isDown || this.#server.isHung) return;
    if (this.process.isCut || this.process.isDeaf) {
      this.#world.after(500, () => this.#wake());
      return;
    }
    const entries = this.#server.store.read(reader.node, reader.after);
    if (entries.length === 0) return;
    this.#reader = undefined;
    this.process.deliver("s", () => reader.resolve(entries));
  }

  #ask(name: keyof Scripts, args: unknown[]): Promise<never> {
    return new Promise((resolve, reject) => {
      if (this.#isOver) {
        reject(new Error("the connection is over"));
        return;
      }
      this.#waiting.add(reject);
      this.#upMs = Math.max(this.#upMs + 1, this.#world.nowMs + this.#world.latencyMs());
      this.#world.at(this.#upMs, () => {
        // What was under way when a connection broke may or may not have arrived.
        if (this.#isOver && !this.#world.chance(0.5)) return;
        this.#arrive(name, args, (reply) => {
          this.#waiting.delete(reject);
          resolve(reply as never);
        });
      });
    });
  }

  #arrive(name: keyof Scripts, args: unknown[], resolve: (reply: unknown) => void): void {
    if (this.#server.isDown || (this.process.isCut && !this.#isOver)) {
      this.break();
      return;
    }
    this.#server.step(() => {
      const { store } = this.#server;
      // Between processes everything is text.
      const given = JSON.parse(JSON.stringify(args)) as unknown[];
      const reply = JSON.stringify((store[name] as (...all: unknown[]) => unknown).apply(store, given)) as
        | string
        | undefined;
      this.process.stepped(name);
      this.#downMs = Math.max(this.#downMs + 1, this.#world.nowMs + this.#world.latencyMs());
      this.#world.at(this.#downMs, () => {
        if (this.#isOver) return;
        if (this.process.isCut) {
          this.break();
          return;
        }
        this.process.deliver("r", () => {
          if (!this.#isOver) resolve(reply === undefined ? undefined : JSON.parse(reply));
        });
      });
    });
  }
}
