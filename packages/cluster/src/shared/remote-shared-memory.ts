import {
  type Clock,
  ClusterAway,
  type SharedAddresses,
  type SharedLimits,
  type SharedMemory,
  type SharedStrangers,
  type SharedTrust,
  type SharedWithdrawals,
} from "@echoo/core";
import { openRedis, type RedisConnection } from "../redis/open-redis.ts";
import type { RedisPlace } from "../redis/redis-store.ts";
import type { RedisCommand } from "../redis/run-script.ts";
import { RedisSharedMemory } from "./redis-shared-memory.ts";

/** A step that is not answered in this time counts as not taken. */
export const patienceMs = 1_500;
const againMs = 500;
/** Steps that wait for their answers; one more is refused at once. */
export const stepsUnderWayMax = 10_000;

interface RemoteSharedMemoryDeps {
  readonly place: RedisPlace;
  readonly clock: Pick<Clock, "after">;
}

/**
 * The shared memory over a connection of its own, which is opened anew whenever it breaks: what the boot of a node may
 * do is no matter here, and a node that was buried still counts.
 */
export class RemoteSharedMemory implements SharedMemory {
  readonly limits: SharedLimits;
  readonly strangers: SharedStrangers;
  readonly addresses: SharedAddresses;
  readonly withdrawals: SharedWithdrawals;
  readonly trust: SharedTrust;
  readonly #deps: RemoteSharedMemoryDeps;
  readonly #onBack: (() => void)[] = [];
  #connection: RedisConnection | undefined;
  #underWay = 0;
  #isStopped = false;
  #cancel: () => void = () => {};

  constructor(deps: RemoteSharedMemoryDeps) {
    this.#deps = deps;
    const memory = new RedisSharedMemory(deps.place.prefix, this.#command);
    this.limits = memory.limits;
    this.strangers = memory.strangers;
    this.addresses = memory.addresses;
    this.withdrawals = memory.withdrawals;
    this.trust = memory.trust;
    this.#connect();
  }

  onBack(run: () => void): void {
    this.#onBack.push(run);
    if (this.#connection) run();
  }

  stop(): void {
    this.#isStopped = true;
    this.#cancel();
    this.#connection?.close();
  }

  readonly #command: RedisCommand = (args) => {
    const connection = this.#connection;
    if (!connection || this.#underWay >= stepsUnderWayMax) return Promise.reject(new ClusterAway());
    this.#underWay += 1;
    return new Promise((resolve, reject) => {
      // A late answer is nobody's any more, and the steps behind it would wait as long.
      const cancel = this.#deps.clock.after(patienceMs, () => {
        connection.close();
        reject(new ClusterAway());
      });
      connection
        .command(args)
        .then(resolve, (error: unknown) => reject(this.#failure(connection, error)))
        .finally(() => {
          cancel();
          this.#underWay -= 1;
        });
    });
  };

  #failure(connection: RedisConnection, error: unknown): unknown {
    const text = error instanceof Error ? error.message : "";
    // It wants the script whole, and is well.
    if (text.startsWith("NOSCRIPT")) return error;
    // What was the primary is none any more: the next connection finds the one that is.
    if (text.startsWith("READONLY")) connection.close();
    return new ClusterAway(error);
  }

  #connect(): void {
    if (this.#isStopped) return;
    let connection: RedisConnection | undefined;
    let hasEnded = false;
    const ended = () => {
      hasEnded = true;
      if (connection === undefined) return;
      this.#connection = undefined;
      this.#connectLater();
    };
    openRedis(this.#deps.place.address, ended).then(
      (made) => {
        if (hasEnded || this.#isStopped) {
          made.close();
          this.#connectLater();
          return;
        }
        connection = made;
        this.#connection = made;
        for (const run of this.#onBack) run();
      },
      () => this.#connectLater(),
    );
  }

  #connectLater(): void {
    if (this.#isStopped) return;
    this.#cancel();
    this.#cancel = this.#deps.clock.after(againMs, () => this.#connect());
  }
}
