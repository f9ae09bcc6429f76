import { randomUUID } from "node:crypto";
import { fakeAnswer, fakeOffer, RawPeer } from "@echoo/testkit";

interface Received {
  readonly type: string;
  readonly callId?: string;
  readonly seq?: number;
  readonly session?: string;
  readonly reason?: string;
}

const [offer, answer] = [fakeOffer(6), fakeAnswer(6)];

/**
 * A user who does whatever a seed says: calls, answers, hangs up, loses the network, comes back in one way or
 * another. It remembers every call that the server ever told it of.
 */
export class RandomCaller {
  readonly userId: string;
  readonly #isLegacy: boolean;
  readonly #random: () => number;
  readonly #texts: string[] = [];
  #peer: RawPeer | undefined;
  #session: string | undefined;

  constructor(userId: string, isLegacy: boolean, random: () => number) {
    this.userId = userId;
    this.#isLegacy = isLegacy;
    this.#random = random;
  }

  /** Joins again, as the same session, as the same device without one, or as a new device; or stays away for now. */
  async comeBack(url: string): Promise<void> {
    const chance = this.#random();
    if (chance < 0.15) return;
    this.#peer = await RawPeer.connect(url, { name: this.userId });
    if (this.#isLegacy) {
      await this.#peer.join(this.userId);
      return;
    }
    const seq = Math.max(0, ...this.#received().map((message) => message.seq ?? 0));
    const resume = chance < 0.7 && this.#session ? { resume: { session: this.#session, seq } } : {};
    const device = chance < 0.9 ? { deviceId: "phone" } : {};
    this.#session = (await this.#peer.join(this.userId, { protocol: 2, ...device, ...resume })).session;
  }

  /** Does one thing. Now and then it waits until the server has handled all, else what follows overtakes it. */
  async act(others: readonly string[]): Promise<void> {
    const peer = this.#peer;
    if (!peer) return;
    const to = this.#pick(others.filter((other) => other !== this.userId));
    const callId = this.#pick(this.#latestCalls());
    const message = this.#pick([
      this.#offer(to),
      this.#offer(to),
      { type: "offer", to, sdp: offer.sdp, supersede: true },
      { type: "ringing", callId },
      { type: "answer", callId, to, sdp: answer.sdp },
      { type: "answer", callId, to, sdp: answer.sdp },
      { type: "connected", callId },
      { type: "candidate", callId, to, candidate: offer.candidates(1)[0] },
      { type: "reject", callId, to, reason: this.#random() < 0.5 ? "busy" : "declined" },
      { type: "hangup", callId, to },
    ]);
    const chance = this.#random();
    if (chance < 0.05) return this.#cut();
    peer.send(chance < 0.07 ? { type: "leave" } : (message ?? {}));
    if (chance < 0.07) return this.#cut();
    if (this.#random() < 0.5) await peer.settle();
  }

  /** The server is gone: waits for the socket's end. */
  async died(): Promise<void> {
    await this.#peer?.closed();
    this.#cut();
  }

  /** Calls that must have a record. One that another device of the user had in hand already never began. */
  callsToldOf(): string[] {
    const messages = this.#received();
    const elsewhere = new Set(
      messages.filter(({ reason }) => reason === "answered_elsewhere").map(({ callId }) => callId),
    );
    const told = messages.filter(({ type, callId }) => type !== "error" && callId && !elsewhere.has(callId));
    return told.flatMap(({ callId }) => callId ?? []);
  }

  /** All that the server said of a call, for the message of a test that fails. */
  toldOf(callId: string): string[] {
    return this.#texts.filter((text) => text.includes(callId)).map((text) => `${this.userId} < ${text.slice(0, 300)}`);
  }

  #offer(to: string | undefined): object {
    if (this.#isLegacy || this.#random() < 0.3) return { type: "offer", to, sdp: offer.sdp };
    return { type: "offer", to, sdp: offer.sdp, callId: randomUUID(), neg: 1, id: "o" };
  }

  #cut(): void {
    this.#texts.push(...(this.#peer?.receivedTexts ?? []));
    this.#peer?.terminate();
    this.#peer = undefined;
  }

  #received(): Received[] {
    return [...this.#texts, ...(this.#peer?.receivedTexts ?? [])].map((text) => JSON.parse(text) as Received);
  }

  /** The latest calls that it has to do with. */
  #latestCalls(): string[] {
    const begun = this.#received().filter(({ type }) => type === "offer" || type === "calling");
    return begun.slice(-2).flatMap(({ callId }) => callId ?? []);
  }

  #pick<T>(from: readonly T[]): T | undefined {
    return from[Math.floor(this.#random() * from.length)];
  }
}
