import type { ClientClock } from "../client-clock.ts";

/** After this many pings in a row without a pong the link counts as dead, whatever the socket says. */
const maxUnanswered = 2;
/**
 * How long a pong may take before the next ping goes out. Short, so that a link that died without a word is replaced
 * well within the time that the server waits for it, counted from the last it heard.
 */
const pongTimeoutMs = 5_000;

interface HeartbeatPort {
  readonly clock: ClientClock;
  ping(): void;
  dead(): void;
}

/** Pings while the link is up: confirms what was received, and notices a link that died without a word. */
export class Heartbeat {
  readonly #port: HeartbeatPort;
  #pingMs = 0;
  #unanswered = 0;
  #cancel: (() => void) | undefined;

  constructor(port: HeartbeatPort) {
    this.#port = port;
  }

  start(pingMs: number): void {
    this.#pingMs = pingMs;
    this.pong();
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#unanswered = 0;
  }

  /** Pings; also out of turn, where there is reason to confirm or to doubt. */
  beat(): void {
    this.#unanswered += 1;
    this.#after(Math.min(this.#pingMs, pongTimeoutMs), () => {
      if (this.#unanswered < maxUnanswered) this.beat();
      else this.#port.dead();
    });
    this.#port.ping();
  }

  pong(): void {
    this.#unanswered = 0;
    this.#after(this.#pingMs, () => this.beat());
  }

  #after(delayMs: number, run: () => void): void {
    this.#cancel?.();
    this.#cancel = this.#port.clock.after(delayMs, run);
  }
}
