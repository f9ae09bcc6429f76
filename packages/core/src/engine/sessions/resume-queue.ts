import { limits, type ServerMessage } from "@echoo/protocol";
import type { Steady } from "../../ports/clock.ts";

export interface QueuedMessage {
  readonly seq: number;
  readonly atMs: Steady;
  /** Once it is written its text, number included: one string, where a message is a dozen things to go on tracing. */
  kept: ServerMessage | string;
  chars: number;
}

/** Messages of calls that a session's client has not confirmed, oldest first; bounded in number and size. */
export class ResumeQueue {
  #entries: QueuedMessage[] = [];
  #chars = 0;
  #lastSeq = 0;

  get lastSeq(): number {
    return this.#lastSeq;
  }

  /** Numbers the message and keeps it. Its size is told once it is written. */
  add(message: ServerMessage, atMs: Steady): QueuedMessage {
    this.#lastSeq += 1;
    const entry = { seq: this.#lastSeq, atMs, kept: message, chars: 0 };
    this.#entries.push(entry);
    return entry;
  }

  /**
   * Past the bounds the oldest go: a resume that would need them finds the queue gone. The newest stays whatever its
   * size, for a description alone may be longer than what is kept otherwise.
   */
  measured(entry: QueuedMessage, chars: number): void {
    // One that was confirmed or dropped before it was written no longer counts.
    if (entry.seq < (this.#entries[0]?.seq ?? this.#lastSeq + 1)) return;
    entry.chars = chars;
    this.#chars += chars;
    while (this.#chars > limits.resumeQueueBytes || this.#entries.length > limits.resumeQueueMessages) {
      if (this.#entries.length === 1) return;
      this.#chars -= this.#entries.shift()?.chars ?? this.#chars;
    }
  }

  /** The client has everything up to this one. */
  confirm(seq: number): void {
    while (this.#entries[0] && this.#entries[0].seq <= seq) this.#chars -= this.#entries.shift()?.chars ?? 0;
  }

  /** Whether something of this call waits for its confirmation. */
  holds(callId: string): boolean {
    return this.#entries.some(({ kept }) => {
      if (typeof kept === "string") return kept.includes(`"callId":${JSON.stringify(callId)}`);
      return "callId" in kept && kept.callId === callId;
    });
  }

  /** What was written before that moment is of no use to a client that confirms nothing and is known to have been there. */
  forgetBefore(atMs: Steady): void {
    while (this.#entries[0] && this.#entries[0].atMs < atMs) this.#chars -= this.#entries.shift()?.chars ?? 0;
  }

  /** What the client missed, relative times recomputed; undefined when some of it is no longer kept. */
  after(seq: number, nowMs: Steady): readonly ServerMessage[] | undefined {
    if (seq > this.#lastSeq) return undefined;
    const first = this.#entries[0]?.seq ?? this.#lastSeq + 1;
    if (seq < first - 1) return undefined;
    return this.#entries.filter((entry) => entry.seq > seq).map((entry) => messageOf(entry, nowMs));
  }

  /** What was written since a moment, for a client that confirms nothing. */
  since(atMs: Steady, nowMs: Steady): readonly ServerMessage[] {
    return this.#entries.filter((entry) => entry.atMs >= atMs).map((entry) => messageOf(entry, nowMs));
  }
}

/**
 * The text of a message with its number, which from now on is what is kept of it, but where it tells a time. The number
 * is put at the end of the text: a copy of the message to put it in costs half as much as writing it
 * (docs/adr/0038-what-a-relayed-message-costs.md).
 */
export function writeQueued(entry: QueuedMessage, message: ServerMessage): string {
  const text = `${JSON.stringify(message).slice(0, -1)},"seq":${entry.seq}}`;
  if (aged(message, 0) === message) entry.kept = text;
  return text;
}

function messageOf({ kept, seq, atMs }: QueuedMessage, nowMs: Steady): ServerMessage {
  if (typeof kept === "string") return JSON.parse(kept) as ServerMessage;
  return { ...aged(kept, nowMs - atMs), seq };
}

/** A message as it is to be told after a while; itself where it tells no time. */

function aged(message: ServerMessage, passedMs: number): ServerMessage {
  switch (message.type) {
    case "calling":
      return { ...message, expiresInMs: Math.max(0, message.expiresInMs - passedMs) };
    case "offer":
      if (message.expiresInMs === undefined) return message;
      return { ...message, expiresInMs: Math.max(0, message.expiresInMs - passedMs) };
    case "peerLost":
      if (message.resumeInMs === undefined) return message;
      return { ...message, resumeInMs: Math.max(0, message.resumeInMs - passedMs) };
    default:
      return message;
  }
}
