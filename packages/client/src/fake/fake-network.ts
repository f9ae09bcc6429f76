import { callClock } from "../client-clock.ts";

/** One end of a path, as the network and the other end know it. */
interface FakeEndpoint {
  readonly localUfrag: string | undefined;
  isReadyFor(ufrag: string): boolean;
  pathFound(isReachable: boolean): void;
  pathLost(): void;
}

/**
 * What lies between fake peer connections. They find each other by the user names of their descriptions, as ICE does,
 * and connect once both have both descriptions and a candidate.
 */
export class FakeNetwork {
  /** Figures of the path, for the connections' statistics. */
  rttMs = 40;
  lossPercent = 0;
  readonly #now: () => number;
  readonly #connections = new Set<FakeEndpoint>();
  #reachable = true;
  #lastName = 0;

  /** Browsers measure by a steady clock; where there is none, `now` is taken for one. */
  constructor(clock: { now(): number; steady?(): number }) {
    const { steady } = clock;
    this.#now = steady ? callClock({ now: () => clock.now(), steady: steady.bind(clock) }) : () => clock.now();
  }

  now(): number {
    return this.#now();
  }

  get reachable(): boolean {
    return this.#reachable;
  }

  /** Connections that were not closed. A test ends with none. */
  get openConnections(): number {
    return this.#connections.size;
  }

  /** From now on ICE fails, for connections that are up as well. */
  cut(): void {
    this.#reachable = false;
    for (const connection of this.#connections) connection.pathLost();
  }

  /** ICE would succeed again; what failed stays so until it restarts. */
  heal(): void {
    this.#reachable = true;
  }

  join(connection: FakeEndpoint): void {
    this.#connections.add(connection);
  }

  leave(connection: FakeEndpoint): void {
    this.#connections.delete(connection);
  }

  newName(): string {
    this.#lastName += 1;
    return `u${String(this.#lastName).padStart(3, "0")}`;
  }

  /** The connection whose local description has this user name. */
  find(ufrag: string): FakeEndpoint | undefined {
    return [...this.#connections].find((connection) => connection.localUfrag === ufrag);
  }
}
