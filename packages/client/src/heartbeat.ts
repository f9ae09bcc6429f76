import type { ClientClock } from "./client-clock.ts";

/** After this many pings without a pong the link counts as dead, whatever the socket says. */
const maxUnanswered = 2;

interface HeartbeatPort {
  readonly clock: ClientClock;
  ping(): void;
  dead(): void;
}

/** Pings while the link is up: confirms what was received, and notices a link that died without a word. */
export class Heartbeat {
  readonly #port: HeartbeatPort;
  #cancel: (() => void) | undefined;
  #unanswered = 0;

  constructor(port: HeartbeatPort) {
    this.#port = port;
  }

  start(pingMs: number): void {
    this.stop();
    this.#schedule(pingMs);
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#unanswered = 0;
  }

  /** Pings out of turn, where there is reason to confirm or to doubt. */
  beat(): void {
    this.#unanswered += 1;
    this.#port.ping();
  }

  pong(): void {
    this.#unanswered = 0;
  }

  #schedule(pingMs: number): void {
    this.#cancel = this.#port.clock.after(pingMs, () => {
      if (this.#unanswered >= maxUnanswered) {
        this.#port.dead();
      } else {
        this.beat();
        this.#schedule(pingMs);
      }
    });
  }
}
