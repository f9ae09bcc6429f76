/** So many offers are handled in one turn of the event loop: some milliseconds' work. */
export const offersPerTurn = 32;

/**
 * Calls begin in turns, so that those that are under way do not wait for a crowd that dials at one moment: an answer that
 * came behind 3,000 offers waited for the work of all of them. The others wait in the order of their coming, each
 * with its socket, and what else comes meanwhile goes first (docs/adr/0041-calls-begin-in-turns.md).
 */
export class OfferTurns {
  readonly #defer: (run: () => void) => void;
  #waiting: (() => void)[] = [];
  #begun = 0;
  #isDue = false;
  readonly #atEndOfTurn = () => this.#turn();

  /** `defer` runs something at the end of this turn of the event loop. */
  constructor(defer: (run: () => void) => void) {
    this.#defer = defer;
  }

  /** Whether an offer that comes now has to wait. */
  get areFull(): boolean {
    return this.#begun >= offersPerTurn || this.#waiting.length > 0;
  }

  /** One was handled. */
  begin(): void {
    this.#begun += 1;
    this.#want();
  }

  /** Runs it in a later turn. */
  wait(run: () => void): void {
    this.#waiting.push(run);
    this.#want();
  }

  #want(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    this.#defer(this.#atEndOfTurn);
  }

  #turn(): void {
    this.#isDue = false;
    this.#begun = 0;
    for (const run of this.#waiting.splice(0, offersPerTurn)) run();
    if (this.#waiting.length > 0) this.#want();
  }
}
