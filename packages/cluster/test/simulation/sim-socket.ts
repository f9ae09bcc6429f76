import type { Link, Session } from "@echoo/core";
import type { ServerMessage } from "@echoo/protocol";
import type { SimProcess } from "./sim-process.ts";
import type { SimWorld } from "./sim-world.ts";

/** Whose socket it is. */
interface SocketOwner {
  hear(socket: SimSocket, message: ServerMessage & { seq?: number }): void;
  offline(socket: SimSocket): void;
}

let socketCount = 0;

/** A socket between a client and a process, first in, first out, each way with delays of its own. */
export class SimSocket implements Link {
  readonly #world: SimWorld;
  readonly process: SimProcess;
  readonly #client: SocketOwner;
  readonly #channel = `c${++socketCount}`;
  session: Session | undefined;
  isOpen = true;
  #upMs = 0;
  #downMs = 0;
  readonly silentMs = 0;
  readonly isReading = true;

  constructor(world: SimWorld, process: SimProcess, client: SocketOwner) {
    this.#world = world;
    this.process = process;
    this.#client = client;
  }

  up(run: () => void): void {
    this.#upMs = Math.max(this.#upMs + 1, this.#world.nowMs + this.#world.latencyMs());
    this.#world.at(this.#upMs, () => {
      if (this.isOpen) this.process.deliver(this.#channel, () => this.isOpen && run());
    });
  }

  send(message: ServerMessage): number {
    const text = JSON.stringify(message);
    this.#down(text);
    return text.length;
  }

  sendText(text: string): void {
    this.#down(text);
  }

  #down(text: string): void {
    if (!this.process.isAlive) return;
    this.#downMs = Math.max(this.#downMs + 1, this.#world.nowMs + this.#world.latencyMs());
    this.#world.at(this.#downMs, () => {
      if (this.isOpen) this.#client.hear(this, JSON.parse(text));
    });
  }

  /** By the node: what was written before still arrives. */
  close(): void {
    this.#world.at(Math.max(this.#downMs + 1, this.#world.nowMs + this.#world.latencyMs()), () => this.cut());
  }

  /** The client sees that it is gone, and the node a moment later. */
  cut(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.#client.offline(this);
    this.lostLater(this.#world.latencyMs());
  }

  lostLater(delayMs: number): void {
    this.#world.after(delayMs, () => this.process.deliver(this.#channel, () => this.lost()));
  }

  lost(): void {
    if (this.session) this.process.engine.linkLost(this.session, this, 0);
  }

  ping(): void {}
}
