import type { ClientMessage } from "@echoo/protocol";

interface Entry {
  readonly n: number;
  readonly message: ClientMessage;
  written: boolean;
}

/** What may wait for its confirmation. A call has a few dozen messages; more means that the server is long gone. */
const maxMessages = 512;

/**
 * The messages of calls that the server has not confirmed yet, numbered in the order of sending. `n` rises for the
 * life of the client, over sessions too, so that no server ever takes a new message for one it had.
 */
export class Outbox {
  #lastN = 0;
  #entries: Entry[] = [];

  /** The numbered message, or undefined where no more may wait. */
  add(message: ClientMessage): ClientMessage | undefined {
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

  holdsOffer(callId: string): boolean {
    return this.#entries.some(({ message }) => message.type === "offer" && message.callId === callId);
  }
}
