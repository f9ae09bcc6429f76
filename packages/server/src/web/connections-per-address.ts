import type { Server, Socket } from "node:net";
import { addressKey, isLoopback, plainAddress } from "@echoo/accounts";
import type { Config } from "../config/read-config.ts";

/**
 * TCP connections of one address, whatever is said on them: one that holds thousands of half-sent requests would use up
 * what all have together. One too many is cut without a word, as the system does when its own queue is full.
 */
export class ConnectionsPerAddress {
  readonly #max: number;
  readonly #isFree: (address: string) => boolean;
  /** No more entries than there are connections. */
  readonly #counts = new Map<string, number>();

  /**
   * Twice as many as an address may have sockets, for its requests besides. None behind a proxy: there all come from the
   * proxy's address, and what it forwards is counted by the client's.
   */
  static of(
    config: Pick<Config, "rateLimits" | "socketsPerAddress" | "trustProxy">,
  ): ConnectionsPerAddress | undefined {
    if (!config.rateLimits || config.trustProxy !== undefined) return undefined;
    return new ConnectionsPerAddress(config.socketsPerAddress * 2);
  }

  /** `isFree` tells whose connections are not counted. */
  constructor(max: number, isFree: (address: string) => boolean = isLoopback) {
    this.#max = max;
    this.#isFree = isFree;
  }

  /** Call with each server; an address has its connections to all of them together. */
  watch(server: Server): void {
    server.on("connection", (socket: Socket) => this.#take(socket));
  }

  #take(socket: Socket): void {
    const address = plainAddress(socket.remoteAddress ?? "");
    if (this.#isFree(address)) return;
    const key = addressKey(address);
    const count = this.#counts.get(key) ?? 0;
    if (count >= this.#max) {
      socket.destroy();
      return;
    }
    this.#counts.set(key, count + 1);
    socket.once("close", () => {
      const left = (this.#counts.get(key) ?? 1) - 1;
      if (left > 0) this.#counts.set(key, left);
      else this.#counts.delete(key);
    });
  }
}
