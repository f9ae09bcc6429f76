import { randomUUID } from "node:crypto";
import { CurrentPeer, fakeAnswer, fakeOffer, type ServerProcess } from "@echoo/testkit";
import { systemClock } from "../../src/composition/platform.ts";

interface Pair {
  readonly caller: CurrentPeer;
  readonly callee: CurrentPeer;
}

const [offer, answer] = [fakeOffer(1), fakeAnswer(1)];
/** Everybody is new in each test. */
let people = 0;
const somebody = () => `5553${String(++people).padStart(6, "0")}`;

/** Pairs of people who call each other again and again, answer, measure and hang up. */
export class CallLoad {
  /** The ids of all calls that were offered. */
  readonly made: string[] = [];
  /** Those whose samples and end the server has confirmed: they are safe from then on. */
  readonly acknowledged: string[] = [];
  readonly #free: Pair[];
  readonly #under = new Set<Promise<void>>();
  readonly #waiting: (() => void)[] = [];
  #failure: unknown;

  private constructor(pairs: Pair[]) {
    this.#free = pairs;
  }

  static async join(server: ServerProcess, pairs: number): Promise<CallLoad> {
    const joined = Array.from({ length: pairs }, async () => {
      const join = () => CurrentPeer.connect(server.wsUrl, { userId: somebody(), deadlineMs: 30_000 });
      return { caller: await join(), callee: await join() };
    });
    return new CallLoad(await Promise.all(joined));
  }

  /** Somebody who calls, for asking after their history. */
  get someone(): string {
    return this.#free[0]?.caller.joined.userId ?? "";
  }

  /** Makes so many calls a second for as long as the work takes, and waits until the last of them has ended. */
  async during(perSecond: number, work: () => Promise<unknown>): Promise<void> {
    let isOver = false;
    const over = work().finally(() => {
      isOver = true;
    });
    while (!isOver && this.#failure === undefined) {
      this.#begin();
      await passed(1000 / perSecond);
    }
    await over;
    await this.settled();
  }

  /** Makes so many calls, as fast as the pairs can. */
  async make(calls: number): Promise<void> {
    for (let left = calls; left > 0 && this.#failure === undefined; ) {
      if (this.#begin()) left -= 1;
      else await Promise.race(this.#under);
    }
    await this.settled();
  }

  /** Leaves one call of each pair unfinished, answered and confirmed. */
  async leaveOpen(): Promise<void> {
    await Promise.all(this.#free.map((pair) => this.#answered(pair)));
  }

  /** Waits until so many calls in all are safe. */
  async reaches(acknowledged: number): Promise<void> {
    while (this.acknowledged.length < acknowledged) {
      if (this.#failure !== undefined) throw this.#failure;
      await new Promise<void>((resolve) => void this.#waiting.push(resolve));
    }
  }

  async settled(): Promise<void> {
    await Promise.all(this.#under);
    if (this.#failure !== undefined) throw this.#failure;
  }

  leave(): void {
    for (const { caller, callee } of this.#free) {
      caller.terminate();
      callee.terminate();
    }
  }

  /** False when every pair is in a call already. */
  #begin(): boolean {
    const pair = this.#free.shift();
    if (pair === undefined) return false;
    const call = this.#call(pair).then(
      () => void this.#free.push(pair),
      (error: unknown) => {
        this.#failure ??= error;
        this.#wakeWaiting();
      },
    );
    this.#under.add(call);
    void call.finally(() => this.#under.delete(call));
    return true;
  }

  async #call(pair: Pair): Promise<void> {
    const { caller, callee } = pair;
    const callId = await this.#answered(pair);
    caller.send({ type: "hangup", callId, id: `end ${callId}` });
    const ended = await caller.raw.reply(`end ${callId}`);
    if (ended.type !== "ack") throw new Error(`a call could not be ended: ${JSON.stringify(ended)}`);
    this.acknowledged.push(callId);
    this.#wakeWaiting();
    await callee.next("hangup");
    // The server forgets what was confirmed, so that nobody's queue fills up.
    await Promise.all([caller.confirm(), callee.confirm()]);
  }

  #wakeWaiting(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }

  async #answered({ caller, callee }: Pair): Promise<string> {
    const callId = randomUUID();
    this.made.push(callId);
    caller.send({ type: "offer", callId, to: callee.joined.userId, sdp: offer.sdp });
    await callee.next("offer");
    callee.send({ type: "answer", callId, sdp: answer.sdp });
    await caller.next("answer");
    const samples = [{ t: systemClock.now(), rttMs: 40, lossPercent: 0 }];
    caller.send({ type: "stats", callId, samples, id: `stats ${callId}` });
    const kept = await caller.raw.reply(`stats ${callId}`);
    if (kept.type !== "ack") throw new Error(`samples were not taken: ${JSON.stringify(kept)}`);
    return callId;
  }
}

/** The load's own beat. */
export function passed(delayMs: number): Promise<void> {
  return new Promise((resolve) => void systemClock.after(delayMs, resolve));
}
