import type { CloseCode, closeCodes } from "@echoo/protocol";
import type { ClientClock, Steady } from "../client-clock.ts";
import type { Entropy } from "./entropy.ts";
import type { ReconnectPolicy } from "./reconnect-policy.ts";

/** A link that lived this long proves that the server is well; a shorter one does not reset the backoff. */
const stableMs = 10_000;

interface SchedulePort {
  readonly clock: ClientClock;
  readonly entropy: Entropy;
  readonly policy: ReconnectPolicy;
  /** Whether a call lives that the link is missed in. */
  inCall(): boolean;
}

/** Decides when to try again, from how the socket closed and what the server said before. */
export class ReconnectSchedule {
  readonly #port: SchedulePort;
  #attempt = 0;
  #joinedAtMs: Steady | undefined;
  #notBeforeMs: Steady | undefined;

  constructor(port: SchedulePort) {
    this.#port = port;
  }

  joined(): void {
    this.#joinedAtMs = this.#port.clock.steady();
    this.#notBeforeMs = undefined;
  }

  /** The server asked not to come back sooner. */
  hint(inMs: number): void {
    this.#notBeforeMs = this.#port.clock.steady() + inMs;
  }

  /** Milliseconds until the next try, or undefined for never. */
  next(closeCode: number): number | undefined {
    const { clock } = this.#port;
    if (this.#joinedAtMs !== undefined && clock.steady() - this.#joinedAtMs >= stableMs) this.#attempt = 0;
    this.#joinedAtMs = undefined;
    const rule = ruleOf(closeCode);
    if (rule === "never") return undefined;
    if (rule === "after_hint" && this.#notBeforeMs !== undefined) {
      const waitMs = Math.max(0, this.#notBeforeMs - clock.steady());
      this.#notBeforeMs = undefined;
      return waitMs;
    }
    const waitMs = this.#backoff();
    return rule === "now" && this.#attempt === 1 ? 0 : waitMs;
  }

  #backoff(): number {
    const { policy, entropy } = this.#port;
    const waitMs = policy.delayMs(this.#attempt, entropy.random(), this.#port.inCall());
    this.#attempt += 1;
    return waitMs;
  }
}

/** The rules of the protocol's table, as its type demands: the table itself has a sentence on each, which no client shows. */
const rules: { readonly [C in CloseCode]: (typeof closeCodes)[C]["reconnect"] } = {
  1001: "after_hint",
  1012: "after_hint",
  1008: "backoff",
  1009: "backoff",
  4401: "never",
  4408: "now",
  4409: "never",
  4429: "after_hint",
};

/** Codes that are not ours, such as 1006 of a socket that broke, mean that a retry may help. */
function ruleOf(closeCode: number): (typeof rules)[CloseCode] {
  return Object.hasOwn(rules, closeCode) ? rules[closeCode as CloseCode] : "backoff";
}
