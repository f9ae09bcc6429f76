import type { ServerMessage } from "@echoo/protocol";
import { type Bench, settled } from "./bench.ts";
import type { Sent } from "./scripted-server.ts";

/** As much of a server as relays one answered or ringing call between two benches, in order and at once. */
export class Switchboard {
  readonly #sides: readonly [Bench, Bench];
  readonly #read = new Map<Bench, number>();
  /** Messages of these types are held back until `release`. */
  readonly held = new Set<string>();
  /** Messages of these types never arrive. */
  readonly lost = new Set<string>();
  readonly #waiting: (() => void)[] = [];
  answered = false;

  constructor(ann: Bench, bob: Bench) {
    this.#sides = [ann, bob];
  }

  /** Relays until neither side has anything more to say. */
  async settle(): Promise<void> {
    for (let quiet = 0; quiet < 3; quiet += 1) {
      await settled();
      for (const side of this.#sides) if (this.#relay(side)) quiet = 0;
    }
  }

  /** Lets what was held back go its way. */
  async release(): Promise<void> {
    this.held.clear();
    for (const deliver of this.#waiting.splice(0)) deliver();
    await this.settle();
  }

  #relay(from: Bench): boolean {
    const fresh = from.socket.received.slice(this.#read.get(from) ?? 0);
    this.#read.set(from, from.socket.received.length);
    for (const message of fresh) {
      const to = this.#sides[0] === from ? this.#sides[1] : this.#sides[0];
      const deliver = () => this.#deliver(message, from, to);
      if (this.lost.has(message.type)) continue;
      if (this.held.has(message.type)) this.#waiting.push(deliver);
      else deliver();
    }
    return fresh.length > 0;
  }

  #deliver(message: Sent, from: Bench, to: Bench): void {
    const parties = { from: from.client.userId, to: to.client.userId };
    if (message.type === "offer" && !this.answered) {
      const { callId = "", id } = message;
      from.socket.say({ type: "calling", callId, to: parties.to, expiresInMs: 60_000, ...(id ? { id } : {}) });
    }
    if (message.type === "answer") this.answered = true;
    const relayed = relayedMessage(message, parties);
    if (relayed !== undefined) to.socket.say(relayed);
  }
}

function relayedMessage(message: Sent, parties: { from: string; to: string }): ServerMessage | undefined {
  const callId = "callId" in message ? (message.callId ?? "") : "";
  switch (message.type) {
    case "offer": {
      const neg = message.neg === undefined ? {} : { neg: message.neg };
      return {
        type: "offer",
        ...parties,
        callId,
        sdp: message.sdp,
        isVideoCall: message.isVideoCall ?? true,
        ...neg,
        ...(message.renew ? { renew: true } : {}),
      };
    }
    case "offerRefused":
    case "answer":
      return { ...message, ...parties, callId } as ServerMessage;
    case "candidate":
      return { type: "candidate", ...parties, callId, candidate: message.candidate };
    case "ringing":
      return { type: "ringing", callId, from: parties.from };
    case "reject":
      if (message.reason === "busy") return { type: "busy", ...parties, callId };
      return { type: "reject", ...parties, callId, reason: "declined" };
    case "hangup":
      return { type: "hangup", ...parties, callId, reason: "hangup" };
    case "mediaState":
      return { ...message, from: parties.from } as ServerMessage;
    case "chat":
      return { type: "chat", ...parties, callId, message: message.message };
    case "emoji":
      return { type: "emoji", ...parties, callId, emoji: message.emoji };
    default:
      return undefined;
  }
}
