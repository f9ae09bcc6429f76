import { randomUUID } from "node:crypto";
import { type FakeSide, fakeAnswer, fakeOffer } from "@echoo/testkit";
import type { Message } from "../servers/wire.ts";
import type { User } from "./user.ts";

/** Descriptions are made once: making one takes longer than relaying it. */
const variants = 32;
const candidatesOfSide = 64;
/** A browser's burst, as it finds the addresses of each interface. */
const burst = 8;

const sample = {
  ...{ rttMs: 48, jitterMs: 3, lossPercent: 0.4, sendLossPercent: 0.2, sendKbps: 1200, recvKbps: 1180 },
  ...{ availableKbps: 2400, jitterBufferMs: 42, concealedPercent: 0.1, fps: 30, width: 1280, height: 720 },
  ...{ freezes: 0, freezeMs: 0, limitation: "none", nack: 1, pli: 0, pair: "host", protocol: "udp" },
};

interface Side {
  readonly sdp: string;
  readonly candidates: readonly Message[];
}

const offers = once(() => Array.from({ length: variants }, (_, seed) => sideOf(fakeOffer(seed))));
const answers = once(() => Array.from({ length: variants }, (_, seed) => sideOf(fakeAnswer(seed))));
let placed = 0;

/** A call between two users that are joined. Each step waits until the other side has what it needs. */
export class LoadCall {
  readonly callId = randomUUID();
  readonly caller: User;
  readonly callee: User;
  readonly #offer: Side;
  readonly #answer: Side;

  constructor(caller: User, callee: User) {
    this.caller = caller;
    this.callee = callee;
    const variant = placed++ % variants;
    this.#offer = offers()[variant] as Side;
    this.#answer = answers()[variant] as Side;
  }

  /** Offer, ringing, answer; gives how long it took from the offer to the answer, in milliseconds. */
  async setUp(): Promise<number> {
    const { callId, caller, callee } = this;
    caller.forget();
    callee.forget();
    const startMs = performance.now();
    this.offer();
    await callee.take("offer");
    callee.say(caller.id, { type: "ringing", callId });
    await caller.take("ringing");
    this.answer();
    await caller.take("answer");
    return performance.now() - startMs;
  }

  /** The two halves of it, for those who want to stop in between. */
  offer(): void {
    const { callId } = this;
    this.caller.say(this.callee.id, { type: "offer", callId, sdp: this.#offer.sdp, isVideoCall: true });
  }

  answer(): void {
    const { callId } = this;
    this.callee.say(this.caller.id, { type: "answer", callId, sdp: this.#answer.sdp });
  }

  /** So many bursts of candidates each way, both ways at once; tells how long each burst took. */
  async exchange(bursts: number, tell: (ms: number) => void = () => {}, size = burst): Promise<void> {
    await Promise.all([
      this.#flow(this.caller, this.callee, this.#offer, bursts, size, tell),
      this.#flow(this.callee, this.caller, this.#answer, bursts, size, tell),
    ]);
  }

  /** One message at a time, to and fro: nothing else is on the way. */
  async alternate(turns: number, tell: (ms: number) => void): Promise<void> {
    for (let turn = 0; turn < turns; turn++) {
      const [from, to, side] =
        turn % 2 === 0 ? [this.caller, this.callee, this.#offer] : [this.callee, this.caller, this.#answer];
      await this.#burst(from, to, side, turn, 1, tell);
    }
  }

  /** Both sides say that media flows. A relay that knows no calls is not told: it has no use for it. */
  connected(): void {
    const { callId } = this;
    this.caller.say(this.callee.id, { type: "connected", callId });
    this.callee.say(this.caller.id, { type: "connected", callId });
  }

  /** A measurement of the side, as the SDK sends one every two seconds. */
  report(side: User): void {
    side.sayText(JSON.stringify({ type: "stats", callId: this.callId, samples: [{ ...sample, t: Date.now() }] }));
  }

  async chat(line: string): Promise<void> {
    this.caller.say(this.callee.id, { type: "chat", callId: this.callId, message: line });
    await this.callee.take("chat");
  }

  async hangUp(): Promise<void> {
    const { callId } = this;
    this.caller.say(this.callee.id, { type: "hangup", callId });
    await this.callee.take("hangup");
  }

  async #flow(from: User, to: User, side: Side, bursts: number, size: number, tell: (ms: number) => void) {
    for (let done = 0; done < bursts; done++) await this.#burst(from, to, side, done, size, tell);
  }

  async #burst(from: User, to: User, { candidates }: Side, index: number, size: number, tell: (ms: number) => void) {
    const { callId } = this;
    const messages = Array.from({ length: size }, (_, i) => ({
      ...(candidates[(index * size + i) % candidates.length] as Message),
      callId,
    }));
    const startMs = performance.now();
    from.say(to.id, ...messages);
    await to.take("candidate", size);
    tell(performance.now() - startMs);
  }
}

/** A whole call: set up, a burst of candidates each way, hung up. Gives the time of its set-up. */
export async function wholeCall(caller: User, callee: User): Promise<number> {
  const call = new LoadCall(caller, callee);
  const setUpMs = await call.setUp();
  await call.exchange(1);
  await call.hangUp();
  return setUpMs;
}

function sideOf(side: FakeSide): Side {
  const candidates = side.candidates(candidatesOfSide).map((candidate) => ({ type: "candidate", candidate }));
  return { sdp: side.sdp, candidates };
}

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
