/** Requests that begin within one turn of the event loop; each takes up to a millisecond of it. */
export const requestsPerTurn = 8;

/** One who has something to read: a connection. */
export interface Reader {
  /** Reads a little, and gives how many requests began by it. */
  readSome(): number;
  /** Whether there is more that it may read at once. */
  readonly hasMore: boolean;
}

/**
 * Lets connections be read in turns, whatever was sent on them. All that arrived at once would otherwise be worked off
 * in one go, and the messages of calls wait until the last of it is answered. A connection is read once in a turn and
 * goes to the end then, so that one with thousands of requests does not hold up a single one of another. None waits
 * longer than it must: there is no pause between turns.
 */
export class RequestPacing {
  readonly #defer: (run: () => void) => void;
  /** In the order of their coming. Each connection at most once, so no more than there are. */
  readonly #waiting = new Set<Reader>();
  /** Those that read in this turn. */
  readonly #done = new Set<Reader>();
  #begun = 0;
  #isTurnDue = false;

  /** `defer` runs something after what the event loop has to do now. */
  constructor(defer: (run: () => void) => void) {
    this.#defer = defer;
  }

  /** Has the reader read: at once where this turn has room and none waits, else when it is due. */
  ask(reader: Reader): void {
    const hasRoom = this.#waiting.size === 0 && this.#begun < requestsPerTurn;
    if (hasRoom && !this.#done.has(reader)) this.#read(reader);
    else this.#waiting.add(reader);
    this.#plan();
  }

  /** The reader's connection is gone. */
  leave(reader: Reader): void {
    this.#waiting.delete(reader);
    this.#done.delete(reader);
  }

  #turn(): void {
    this.#isTurnDue = false;
    this.#begun = 0;
    this.#done.clear();
    while (this.#begun < requestsPerTurn) {
      const [first] = this.#waiting;
      if (first === undefined || this.#done.has(first)) break;
      this.#waiting.delete(first);
      this.#read(first);
    }
    if (this.#begun > 0) this.#plan();
  }

  /** Reading by which no request begins, as of a long body, takes time as well. */
  #read(reader: Reader): void {
    this.#begun += 1;
    this.#done.add(reader);
    const begun = reader.readSome();
    this.#begun += Math.max(0, begun - 1);
    if (reader.hasMore) this.#waiting.add(reader);
  }

  #plan(): void {
    if (this.#isTurnDue) return;
    this.#isTurnDue = true;
    this.#defer(() => this.#turn());
  }
}
