import type { ClientClock } from "../client-clock.ts";
import { EchooError } from "../echoo-error.ts";

/** How long an answer may take while both sides have their connection to the server. */
export const answerTimeoutMs = 8_000;
const firstRetryMs = 500;
const retryCeilingMs = 20_000;
/** After so many offers in a row that came to nothing the call's user is told; the next ones go on. */
const toldAfterFailures = 3;

interface OpenOfferPort {
  readonly clock: ClientClock;
  /** Both sides have their connection to the server: what is sent now arrives now. */
  canSignal(): boolean;
  /** Takes back the offer that the peer does not answer; `failed` follows where there was one. */
  takeBack(): void;
  offer(): void;
  fault(error: EchooError): void;
}

/**
 * Watches over a renegotiation until it is answered. An offer that is refused or gets lost would leave its side waiting
 * for ever, and every later change with it: it is taken back and made anew, at growing intervals, as long as the call
 * lasts.
 */
export class OpenOffer {
  readonly #port: OpenOfferPort;
  #failures = 0;
  #isWaiting = false;
  #cancel: (() => void) | undefined;

  constructor(port: OpenOfferPort) {
    this.#port = port;
  }

  /** Whether the next offer will be made when its time has come, and not before. */
  get isWaiting(): boolean {
    return this.#isWaiting;
  }

  sent(): void {
    this.#after(answerTimeoutMs, () => {
      if (this.#port.canSignal()) this.#port.takeBack();
      else this.sent();
    });
  }

  answered(): void {
    this.drop();
    this.#failures = 0;
  }

  /** The offer was refused, could not be made, or was not answered, and it is taken back. */
  failed(): void {
    this.#failures += 1;
    if (this.#failures === toldAfterFailures) this.#port.fault(new EchooError("negotiation_failed"));
    const delayMs = Math.min(retryCeilingMs, firstRetryMs * 2 ** Math.min(this.#failures - 1, 10));
    this.#after(delayMs, () => {
      this.#isWaiting = false;
      this.#port.offer();
    });
    this.#isWaiting = true;
  }

  /** There is no offer to watch: it gave way to the peer's, or the call is over. */
  drop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#isWaiting = false;
  }

  #after(delayMs: number, run: () => void): void {
    this.drop();
    this.#cancel = this.#port.clock.after(delayMs, run);
  }
}
