import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { Bench, joined, settled } from "./bench.ts";

/** What may happen to a link with a call on it. */
type Step =
  /** The client says something; the server hears it if the link is up and it is not lost on the way. */
  | { readonly do: "say"; readonly arrives: boolean }
  /** The server says something; likewise. */
  | { readonly do: "hear"; readonly arrives: boolean }
  | { readonly do: "confirm" }
  | { readonly do: "break" };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant("say"), arrives: fc.boolean() }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("hear"), arrives: fc.boolean() }) },
  fc.record({ do: fc.constant("confirm") }),
  fc.record({ do: fc.constant("break") }),
) as fc.Arbitrary<Step>;

/** The server's side of a session that resumes: what it handled, and what it keeps to replay. */
class ResumingServer {
  readonly handled: string[] = [];
  readonly bench: Bench;
  readonly callId: string;
  /** Nothing more arrives on this socket, in either direction: TCP loses no message between two that arrive. */
  isDeaf = false;
  #handledN = 0;
  #lastSeq = 0;
  #read = 0;
  #kept: { seq: number; message: string }[] = [];

  constructor(bench: Bench, callId: string) {
    this.bench = bench;
    this.callId = callId;
  }

  /** Handles what the client wrote, up to a loss. */
  listen(): void {
    const fresh = this.bench.socket.received.slice(this.#read);
    this.#read = this.bench.socket.received.length;
    for (const message of fresh) {
      if (this.isDeaf) break;
      if (message.type === "ping") this.#kept = this.#kept.filter(({ seq }) => seq > (message.seq ?? 0));
      if (message.n === undefined || message.n <= this.#handledN) continue;
      this.#handledN = message.n;
      if (message.type === "chat") this.handled.push(message.message);
    }
  }

  say(text: string): void {
    this.#lastSeq += 1;
    const entry = { seq: this.#lastSeq, message: text };
    this.#kept.push(entry);
    if (!this.isDeaf) this.#write(entry);
  }

  confirm(): void {
    if (!this.isDeaf) this.bench.socket.say({ type: "pong", time: 0, n: this.#handledN });
  }

  /** The link breaks, and the session resumes on the next socket. */
  resume(): void {
    this.bench.socket.drop(1006);
    this.bench.retries();
    this.#read = 0;
    this.isDeaf = false;
    this.bench.socket.open();
    const seq = this.bench.socket.last("join").resume?.seq ?? 0;
    this.bench.socket.say(joined({ resumed: true, n: this.#handledN }));
    for (const entry of this.#kept.filter((one) => one.seq > seq)) this.#write(entry);
    this.listen();
  }

  #write({ seq, message }: { seq: number; message: string }): void {
    this.bench.socket.say({ type: "chat", callId: this.callId, from: "bob", to: "ann", message, seq });
  }
}

async function talkingBench() {
  const bench = new Bench().online();
  void bench.client.call("bob", { video: false });
  await settled();
  const { callId = "", sdp } = bench.socket.last("offer");
  bench.socket.say({ type: "calling", callId, to: "bob", expiresInMs: 60_000 });
  bench.socket.say({ type: "answer", callId, from: "bob", to: "ann", sdp, neg: 1 });
  await settled();
  return { bench, callId };
}

describe("delivery over any number of broken links", () => {
  it("brings every message exactly once and in order, in both directions", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const { bench, callId } = await talkingBench();
        const server = new ResumingServer(bench, callId);
        server.listen();
        const [call] = bench.client.calls;
        assert(call !== undefined);
        const heard: string[] = [];
        call.on("chat", ({ message }) => heard.push(message));
        const [said, told]: [string[], string[]] = [[], []];
        for (const [at, one] of steps.entries()) {
          if ("arrives" in one && !one.arrives) server.isDeaf = true;
          if (one.do === "say") {
            said.push(`client ${at}`);
            call.sendChat(`client ${at}`);
            server.listen();
          } else if (one.do === "hear") {
            told.push(`server ${at}`);
            server.say(`server ${at}`);
          } else if (one.do === "confirm") server.confirm();
          else server.resume();
        }
        server.resume();
        assert.deepEqual(server.handled, said);
        assert.deepEqual(heard, told);
        bench.client.dispose();
      }),
      { numRuns: 60 },
    );
  });

  it("numbers messages with a rising n that never goes back, over sessions too", async () => {
    const { bench } = await talkingBench();
    const [call] = bench.client.calls;
    call?.sendChat("one");
    const before = bench.socket.last("chat").n ?? 0;
    bench.socket.drop(1006);
    bench.clock.advance(200);
    bench.joins({ session: "s9", rebound: [call?.id ?? ""], calls: [summaryOf(call?.id ?? "")] });
    call?.sendChat("two");
    const numbers = bench.socket.received.flatMap(({ n }) => (n === undefined ? [] : [n]));
    assert.deepEqual(
      numbers,
      numbers.toSorted((a, b) => a - b),
    );
    assert((numbers.at(-1) ?? 0) > before);
  });

  it("gives up at 512 unconfirmed messages instead of growing without end", async () => {
    const { bench } = await talkingBench();
    const [call] = bench.client.calls;
    for (let at = 0; at < 600; at += 1) call?.sendChat(`line ${at}`);
    assert.equal(bench.log.filter((line) => line === "error unavailable").length > 0, true);
    const written = bench.socket.received.filter(({ n }) => n !== undefined).length;
    assert.equal(written, 512);
  });
});

function summaryOf(callId: string) {
  const bound = { bound: true, state: "active", peerProtocol: 2 } as const;
  return { callId, role: "caller", peer: "bob", isVideoCall: false, ...bound } as const;
}
