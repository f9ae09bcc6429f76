import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import type { Clock } from "@echoo/core";
import { realClock } from "./platform.ts";

/**
 * What happens to bytes on their way; connections stay open in all of these. Paused: nothing moves and nothing is
 * lost, TCP pushes back. A black hole: everything disappears, as behind a NAT that forgot.
 */
type Weather = "clear" | "paused" | "blackHole";

/**
 * A TCP proxy on loopback that makes networks fail. Everything it does to connections it does to those open and to
 * new ones alike, until `heal`.
 */
export class TcpProxy {
  readonly port: number;
  readonly #server: Server;
  readonly #clock: Clock;
  readonly #links = new Set<Link>();
  #weather: Weather = "clear";
  #delayMs = 0;
  #refuses = false;
  #swallowedBytes = 0;

  private constructor(server: Server, targetPort: number, clock: Clock) {
    this.#server = server;
    this.#clock = clock;
    this.port = (server.address() as AddressInfo).port;
    server.on("connection", (socket) => this.#accept(socket, targetPort));
  }

  static async start(targetPort: number, clock: Clock = realClock): Promise<TcpProxy> {
    const server = createServer({ allowHalfOpen: true, pauseOnConnect: true });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return new TcpProxy(server, targetPort, clock);
  }

  get connections(): number {
    return this.#links.size;
  }

  /** How much black holes have taken so far: a test waits for it before it heals the network. */
  get swallowedBytes(): number {
    return this.#swallowedBytes;
  }

  pause(): void {
    this.#change("paused");
  }

  blackHole(): void {
    this.#change("blackHole");
  }

  /** Bytes arrive this much later from now on, in order. */
  delay(ms: number): void {
    this.#delayMs = ms;
  }

  /** New connections are reset at once. */
  refuse(): void {
    this.#refuses = true;
  }

  /** The network is well again; what was paused moves on, what a black hole took is lost. */
  heal(): void {
    this.#delayMs = 0;
    this.#refuses = false;
    this.#change("clear");
  }

  /** Resets every open connection on both sides, with what was under way. */
  cut(): void {
    for (const link of this.#links) link.cut();
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #accept(near: Socket, targetPort: number): void {
    if (this.#refuses) {
      near.resetAndDestroy();
      return;
    }
    const far = connect({ port: targetPort, host: "127.0.0.1", allowHalfOpen: true });
    const link = new Link(near, far, this.#clock, () => this.#delayMs);
    this.#links.add(link);
    link.onGone = () => this.#links.delete(link);
    link.onSwallowed = (bytes) => {
      this.#swallowedBytes += bytes;
    };
    link.change(this.#weather);
  }

  #change(weather: Weather): void {
    this.#weather = weather;
    for (const link of this.#links) link.change(weather);
  }
}

/** One connection through the proxy: two sockets, and pending bytes between them. */
class Link {
  onGone = () => {};
  onSwallowed = (_bytes: number) => {};
  readonly #near: Socket;
  readonly #far: Socket;
  readonly #clock: Clock;
  readonly #delayMs: () => number;
  readonly #pending = new Set<() => void>();
  #weather: Weather = "clear";

  constructor(near: Socket, far: Socket, clock: Clock, delayMs: () => number) {
    this.#near = near;
    this.#far = far;
    this.#clock = clock;
    this.#delayMs = delayMs;
    this.#carry(near, far);
    this.#carry(far, near);
  }

  change(weather: Weather): void {
    this.#weather = weather;
    // What ended inside the black hole is found out when the network is back.
    if (weather === "clear" && (this.#near.destroyed || this.#far.destroyed)) {
      this.cut();
      return;
    }
    for (const socket of [this.#near, this.#far]) {
      if (weather === "paused") socket.pause();
      else socket.resume();
    }
  }

  cut(): void {
    for (const cancel of this.#pending) cancel();
    this.#pending.clear();
    for (const socket of [this.#near, this.#far]) if (!socket.destroyed) socket.resetAndDestroy();
    this.onGone();
  }

  #carry(from: Socket, to: Socket): void {
    let freeAtMs = 0;
    const later = (act: () => void) => {
      const nowMs = this.#clock.steady();
      // Never before what is already on its way, also when the delay has just become shorter.
      freeAtMs = Math.max(freeAtMs, nowMs + this.#delayMs());
      if (freeAtMs <= nowMs) return act();
      const cancel = this.#clock.after(freeAtMs - nowMs, () => {
        this.#pending.delete(cancel);
        act();
      });
      this.#pending.add(cancel);
    };
    from.on("data", (bytes) => {
      if (this.#weather === "blackHole") this.onSwallowed(bytes.length);
      else later(() => this.#write(from, to, bytes));
    });
    from.on("end", () => {
      if (this.#weather !== "blackHole") later(() => to.end());
    });
    // A reset shows as a close; the other side hears of it unless a black hole is between.
    from.on("error", () => {});
    from.on("close", (hadError) => {
      if (hadError && this.#weather !== "blackHole") this.cut();
      if (this.#near.destroyed && this.#far.destroyed) this.onGone();
    });
  }

  /** Pushes back when the receiver does not keep up, so that the proxy stays bounded. */
  #write(from: Socket, to: Socket, bytes: Buffer): void {
    if (to.destroyed || to.write(bytes)) return;
    from.pause();
    to.once("drain", () => {
      if (this.#weather !== "paused") from.resume();
    });
  }
}
