import { type ClientAddress, countKey, crowdFactor, isLoopback } from "@echoo/accounts";
import type { Clock } from "@echoo/core";
import { createRateCounter, type RateCounter } from "../../web/rate-counter.ts";

/** What one address may have of sockets. An IPv6 /64 counts as one address; this machine itself is not limited. */
export interface SocketRates {
  /** Open at once. */
  readonly open: number;
  /** Of these, not joined yet: a client that means to join does it with the first message. */
  readonly unjoined: number;
  readonly newPerMinute: number;
}

/**
 * All who share an address may come back at once, twice within a minute, as when the server restarts and restarts
 * again.
 */
export function socketRates(perAddress: number): SocketRates {
  return { open: perAddress, unjoined: Math.ceil(perAddress / 4), newPerMinute: perAddress * 3 };
}

/** How long a client should wait where only another's leaving makes room. */
const fullRetryMs = 10_000;

/** A socket's place among those of its address. */
export interface SocketPlace {
  setJoined(isJoined: boolean): void;
  /** Gives the place back. Again it does nothing. */
  leave(): void;
}

interface Counts {
  open: number;
  unjoined: number;
}

const free: SocketPlace = { setJoined: () => {}, leave: () => {} };

/** Who may open one more socket. Behind the trusted proxies it is the client's address that counts. */
export class SocketLimits {
  readonly #rates: SocketRates | undefined;
  readonly #counter: RateCounter | undefined;
  readonly #crowdCounter: RateCounter | undefined;
  /** No more entries than there are sockets. */
  readonly #counts = new Map<string, Counts>();

  /** Without rates no address is limited. */
  constructor(rates: SocketRates | undefined, clock: Clock) {
    this.#rates = rates;
    this.#counter = rates && createRateCounter(rates.newPerMinute, clock);
    this.#crowdCounter = rates && createRateCounter(rates.newPerMinute * crowdFactor, clock);
  }

  /** A place for one more socket of this address, or how many milliseconds to wait. */
  async take(client: ClientAddress): Promise<SocketPlace | number> {
    const [counter, factor] = client.unknown === undefined ? [this.#counter, 1] : [this.#crowdCounter, crowdFactor];
    if (!this.#rates || !counter || isLoopback(client.address)) return free;
    const key = countKey(client);
    const waitMs = await counter.count(key);
    if (waitMs > 0) return waitMs;
    const counts = this.#counts.get(key) ?? { open: 0, unjoined: 0 };
    const { open, unjoined } = this.#rates;
    if (counts.open >= open * factor || counts.unjoined >= unjoined * factor) return fullRetryMs;
    this.#counts.set(key, counts);
    return this.#place(key, counts);
  }

  #place(key: string, counts: Counts): SocketPlace {
    counts.open += 1;
    counts.unjoined += 1;
    let [isJoined, isOver] = [false, false];
    const setJoined = (now: boolean) => {
      if (isOver || now === isJoined) return;
      isJoined = now;
      counts.unjoined += now ? -1 : 1;
    };
    const leave = () => {
      if (isOver) return;
      setJoined(true);
      isOver = true;
      counts.open -= 1;
      if (counts.open === 0) this.#counts.delete(key);
    };
    return { setJoined, leave };
  }
}
