import type { ClientMessage } from "@echoo/protocol";
import { bytesOf } from "./message-size.ts";

interface Entry {
  readonly n: number;
  readonly message: ClientMessage;
  written: boolean;
}

/** What may wait for its confirmation. A call has a few dozen messages; more means that the server is long gone. */
export const maxMessages = 512;
/** A socket that was closed for a frame too large was not closed for one of these. */
const smallBytes = 16 * 1024;

/**
 * The messages of calls that the server has not confirmed yet, numbered in the order of sending. `n` rises for the
 * life of the client, over sessions too, so that no server ever takes a new message for one it had.
 */
export class Outbox {
  #lastN = 0;
  #entries: Entry[] = [];

  /**
   * The numbered message, or undefined where no more may wait: past the bound the newest goes, for what came before it
   * is what it builds on. The end of a call finds room all the same, and takes that of whatever else it said.
   */
  add(message: ClientMessage): ClientMessage | undefined {
    if (this.#entries.length >= maxMessages) this.#makeRoomFor(message);
    if (this.#entries.length >= maxMessages) return undefined;
    this.#lastN += 1;
    const numbered = { ...message, n: this.#lastN } as ClientMessage;
    this.#entries.push({ n: this.#lastN, message: numbered, written: false });
    return numbered;
  }

  /** The server has handled everything up to `n`. */
  confirm(n: number): void {
    this.#entries = this.#entries.filter((entry) => entry.n > n);
  }

  /** Notes the newest message as written to a socket, so that it can no longer be withdrawn. */
  markWritten(): void {
    const last = this.#entries.at(-1);
    if (last !== undefined) last.written = true;
  }

  /** Everything unconfirmed, in order, to be written to a new socket. */
  takeForSending(): readonly ClientMessage[] {
    for (const entry of this.#entries) entry.written = true;
    return this.#entries.map((entry) => entry.message);
  }

  /** Drops what the new session has no use for. `written`: a socket took it, and the server probably handled it. */
  keepOnly(wanted: (message: ClientMessage, written: boolean) => boolean): void {
    this.#entries = this.#entries.filter((entry) => wanted(entry.message, entry.written));
  }

  /** Takes back a call that no socket has seen; false where its offer is already out, or never was. */
  withdraw(callId: string): boolean {
    const offer = this.#entries.find(({ message }) => message.type === "offer" && message.callId === callId);
    if (offer === undefined || offer.written) return false;
    this.#entries = this.#entries.filter(({ message }) => !("callId" in message) || message.callId !== callId);
    return true;
  }

  /** The largest message that a socket took and the server did not confirm, if any of them is large at all. */
  takeLargest(): ClientMessage | undefined {
    const sizes = this.#entries.map((entry) => (entry.written ? bytesOf(entry.message) : 0));
    const largest = Math.max(...sizes);
    if (largest <= smallBytes) return undefined;
    return this.#entries.splice(sizes.indexOf(largest), 1)[0]?.message;
  }

  holdsOffer(callId: string): boolean {
    return this.#entries.some(({ message }) => message.type === "offer" && message.callId === callId);
  }

  #makeRoomFor(message: ClientMessage): void {
    if (message.type !== "hangup" && message.type !== "reject") return;
    const { callId } = message;
    // The offer stays: it is what the server knows the call by.
    this.keepOnly((other) => !("callId" in other) || other.callId !== callId || other.type === "offer");
  }
}
