import type { ClientClock } from "../client-clock.ts";

/** Restarts tried in a row before a call that once had media is given up. */
const maxRestarts = 2;
/** How long one restart may take to bring media back. */
const restartTimeoutMs = 20_000;
/** How long the answering side waits for the other's restarts: for all of them, and a little for their way here. */
const patienceMs = maxRestarts * restartTimeoutMs + 5_000;

interface MenderPort {
  readonly clock: ClientClock;
  /** Both sides have their connection to the server: what is sent now arrives now. */
  canSignal(): boolean;
  /** Only the side that placed the call restarts ICE, so that two restarts never cross. */
  placedCall(): boolean;
  /** A legacy device cannot renegotiate. */
  peerCurrent(): boolean;
  restartIce(): void;
  giveUp(): void;
  /** Looks at the connection itself: a restart that was over before its loss was seen changes no state. */
  isUp(): boolean;
}

/** Brings media back after ICE failed, or gives the call up where that cannot be done. */
export class IceRecovery {
  readonly #port: MenderPort;
  #restarts = 0;
  #mediaWasUp = false;
  #failed = false;
  #cancel: (() => void) | undefined;

  constructor(port: MenderPort) {
    this.#port = port;
  }

  mediaUp(): void {
    this.#mediaWasUp = true;
    this.#failed = false;
    this.#restarts = 0;
    this.stop();
  }

  failed(): void {
    this.#failed = true;
    // While a side is away nothing can be mended; `returned` looks again.
    if (!this.#port.canSignal()) return;
    // Candidates that never worked will not work the second time.
    if (!this.#mediaWasUp || !this.#port.peerCurrent()) this.#port.giveUp();
    else if (!this.#port.placedCall()) this.#cancel ??= this.#port.clock.after(patienceMs, () => this.#timeout());
    else if (this.#restarts < maxRestarts) this.#restart();
    else this.#port.giveUp();
  }

  /** This side or the peer has its connection to the server again, and ICE is not connected. */
  returned(): void {
    if (!this.#port.canSignal()) return;
    if (this.#port.placedCall() && this.#port.peerCurrent()) this.#restart();
    else if (this.#failed) this.failed();
  }

  /** Another connection takes the place of the one that failed, or would have. */
  renewed(): void {
    this.#failed = false;
    this.#restarts = 0;
    this.stop();
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #restart(): void {
    this.stop();
    this.#restarts += 1;
    this.#cancel = this.#port.clock.after(restartTimeoutMs, () => this.#timeout());
    this.#port.restartIce();
  }

  #timeout(): void {
    this.#cancel = undefined;
    if (!this.#port.canSignal() || this.#port.isUp()) return;
    if (this.#port.placedCall()) this.failed();
    else this.#port.giveUp();
  }
}
