import type { ServerMessage, ServerMessageType } from "@echoo/protocol";

interface Waiter {
  readonly fits: (message: ServerMessage) => boolean;
  readonly resolve: (message: ServerMessage) => void;
  readonly reject: (cause: Error) => void;
}

/** Messages that came and were not taken yet, and those who wait for one. Each message is taken once. */
export class MessageInbox {
  #messages: ServerMessage[] = [];
  #waiters: Waiter[] = [];
  readonly #seen = new Set<ServerMessageType>();
  #endedBecause: string | undefined;

  add(message: ServerMessage): void {
    this.#seen.add(message.type);
    const waiter = this.#waiters.find(({ fits }) => fits(message));
    if (waiter === undefined) {
      this.#messages.push(message);
      return;
    }
    this.#waiters = this.#waiters.filter((other) => other !== waiter);
    waiter.resolve(message);
  }

  /** Rejects once no such message can come any more. */
  take(fits: (message: ServerMessage) => boolean): Promise<ServerMessage> {
    const found = this.#messages.find(fits);
    if (found !== undefined) {
      this.#messages = this.#messages.filter((other) => other !== found);
      return Promise.resolve(found);
    }
    if (this.#endedBecause !== undefined) return Promise.reject(new Error(this.#endedBecause));
    return new Promise((resolve, reject) => this.#waiters.push({ fits, resolve, reject }));
  }

  has(fits: (message: ServerMessage) => boolean): boolean {
    return this.#messages.some(fits);
  }

  /** Whether a message of this type ever came, taken or not. */
  seen(type: ServerMessageType): boolean {
    return this.#seen.has(type);
  }

  end(because: string): void {
    this.#endedBecause ??= because;
    for (const { reject } of this.#waiters) reject(new Error(this.#endedBecause));
    this.#waiters = [];
  }
}
