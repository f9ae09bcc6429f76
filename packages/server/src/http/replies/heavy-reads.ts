import { Refusal } from "@echoo/protocol";

/** How many reads of whole histories there may be. */
interface HeavyReadLimits {
  /** That read at the same time; of one user one at a time. */
  readonly running: number;
  /** That are under way in all: reading, waiting for their turn, or for a client to take what was read. */
  readonly open: number;
  readonly openPerUser: number;
}

export const usualLimits: HeavyReadLimits = { running: 4, open: 256, openPerUser: 4 };

/** How long a refused client should wait before another try. */
const retryOwnMs = 2_000;
const retryBusyMs = 5_000;

/** What the work of a read may do with its place. */
export interface HeavyPlace {
  /** Lets another read have the place while this one waits for its client; resolves when it has a place again. */
  aside(wait: () => Promise<void>): Promise<void>;
}

interface Waiting {
  readonly userId: string;
  readonly begin: () => void;
}

/**
 * Lets a few reads of whole histories run at a time, so that neither memory nor the turns of the event loop go to them
 * alone. The others wait in line, in the order of their coming, but one user's second read lets others past. Past the
 * bounds the newest is refused: what is under way is nearer to its end.
 */
export class HeavyReads {
  readonly #limits: HeavyReadLimits;
  readonly #line: Waiting[] = [];
  /** The users whose read runs. */
  readonly #running = new Set<string>();
  /** How many reads each user has under way. */
  readonly #openBy = new Map<string, number>();
  #open = 0;

  constructor(limits: HeavyReadLimits = usualLimits) {
    this.#limits = limits;
  }

  /** Runs the work once it has a place. Throws a Refusal with the time to come back when there are too many. */
  async run<T>(userId: string, work: (place: HeavyPlace) => Promise<T>): Promise<T> {
    this.#admit(userId);
    let hasPlace = false;
    const take = async (first: boolean) => {
      await this.#begin(userId, first);
      hasPlace = true;
    };
    const give = () => {
      if (hasPlace) this.#end(userId);
      hasPlace = false;
    };
    try {
      await take(false);
      return await work({
        aside: async (wait) => {
          give();
          await wait();
          await take(true);
        },
      });
    } finally {
      give();
      this.#leave(userId);
    }
  }

  #admit(userId: string): void {
    const own = this.#openBy.get(userId) ?? 0;
    if (own >= this.#limits.openPerUser) {
      const message = `You have ${own} such requests under way; wait until one of them has ended.`;
      throw new Refusal("rate_limited", { message, retryInMs: retryOwnMs });
    }
    if (this.#open >= this.#limits.open) throw new Refusal("unavailable", { retryInMs: retryBusyMs });
    this.#openBy.set(userId, own + 1);
    this.#open += 1;
  }

  #leave(userId: string): void {
    const left = (this.#openBy.get(userId) ?? 1) - 1;
    if (left === 0) this.#openBy.delete(userId);
    else this.#openBy.set(userId, left);
    this.#open -= 1;
  }

  #begin(userId: string, first: boolean): Promise<void> {
    return new Promise((begin) => {
      if (first) this.#line.unshift({ userId, begin });
      else this.#line.push({ userId, begin });
      this.#next();
    });
  }

  #end(userId: string): void {
    this.#running.delete(userId);
    this.#next();
  }

  #next(): void {
    while (this.#running.size < this.#limits.running) {
      const at = this.#line.findIndex(({ userId }) => !this.#running.has(userId));
      const [next] = at === -1 ? [] : this.#line.splice(at, 1);
      if (next === undefined) return;
      this.#running.add(next.userId);
      next.begin();
    }
  }
}
