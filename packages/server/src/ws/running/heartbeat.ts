import type { Clock, Steady } from "@echoo/core";
import type { SocketLink } from "../socket-link.ts";

/** Pings that may stay unanswered; then the connection is dead. */
export const missedMax = 2;

/** What is to be known of a socket to tell whether its client is there. */
type BeatenLink = Pick<SocketLink, "lastHeardMs" | "isReading" | "ping">;

interface BeatTimes {
  readonly clock: Pick<Clock, "steady">;
  /** They may be late. */
  readonly timers: Pick<Clock, "after">;
  readonly pingMs: number;
}

/** Asks one socket for signs of life, and says when it gives none. */
export class Heartbeat {
  readonly #clock: Pick<Clock, "steady">;
  readonly #timers: Pick<Clock, "after">;
  readonly #link: BeatenLink;
  readonly #pingMs: number;
  readonly #onDead: () => void;
  #sentAtMs: Steady[] = [];
  #cancel: () => void = () => {};

  constructor({ clock, timers, pingMs }: BeatTimes, link: BeatenLink, onDead: () => void) {
    this.#clock = clock;
    this.#timers = timers;
    this.#link = link;
    this.#pingMs = pingMs;
    this.#onDead = onDead;
    this.#schedule(pingMs);
  }

  stop(): void {
    this.#cancel();
  }

  #schedule(delayMs: number): void {
    this.#cancel = this.#timers.after(delayMs, () => this.#beat());
  }

  #beat(): void {
    if (!this.#link.isReading) {
      // Its pongs wait with the rest; the count begins anew once it is read again.
      this.#sentAtMs = [];
      this.#schedule(this.#pingMs);
      return;
    }
    const heardMs = this.#link.lastHeardMs;
    this.#sentAtMs = this.#sentAtMs.filter((sentMs) => sentMs > heardMs);
    if (this.#sentAtMs.length >= missedMax) {
      this.#onDead();
      return;
    }
    this.#sentAtMs.push(this.#clock.steady());
    this.#link.ping();
    // The last ping gets a quarter of the period to be answered: a silent link is noticed within 2¼ periods.
    this.#schedule(this.#sentAtMs.length >= missedMax ? this.#pingMs / 4 : this.#pingMs);
  }
}
