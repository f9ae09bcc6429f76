import type { Pause } from "@echoo/core";

/**
 * What is done at the end of each turn of the event loop: first what that turn left to be done soon, such as sending the
 * messages of calls, all of it; then one step of the long work that is under way, whichever it belongs to, in the order
 * in which the steps were asked for. So ten histories at once hold up a call no longer than one does, and no message that
 * is ready waits for any. What waits here is one step of each piece of work.
 */
export class EventLoopTurns {
  readonly #atEndOfTurn: (run: () => void) => void;
  #deferred: (() => void)[] = [];
  readonly #steps: (() => void)[] = [];
  #isDue = false;
  readonly #end = () => this.#turn();

  constructor(atEndOfTurn: (run: () => void) => void) {
    this.#atEndOfTurn = atEndOfTurn;
  }

  /** Runs at the end of this turn of the event loop, after everything that is being read now. */
  readonly defer = (run: () => void): void => {
    this.#deferred.push(run);
    this.#want();
  };

  readonly pause: Pause = () =>
    new Promise((resolve) => {
      this.#steps.push(resolve);
      this.#want();
    });

  #want(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    this.#atEndOfTurn(this.#end);
  }

  #turn(): void {
    this.#isDue = false;
    const ready = this.#deferred;
    this.#deferred = [];
    let done = 0;
    try {
      for (const run of ready) {
        done += 1;
        run();
      }
    } finally {
      // One that throws does not take the others with it.
      if (done < ready.length) this.#deferred.unshift(...ready.slice(done));
      const begin = this.#steps.shift();
      if (this.#deferred.length > 0 || this.#steps.length > 0) this.#want();
      begin?.();
    }
  }
}
