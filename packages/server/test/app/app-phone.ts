import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import type { ServerMessageByType, ServerMessageType } from "@echoo/protocol";
import { type FakeSide, fakeAnswer, fakeOffer, RawPeer, type Transcript } from "@echoo/testkit";
import { gson } from "./gson.ts";

interface AppPhoneOptions {
  readonly test: TestContext;
  readonly name?: string;
  readonly transcript?: Transcript;
  /** Without it the phone leaves pings unanswered, as one in a tunnel does. */
  readonly autoPong?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
  /** What its descriptions and candidates are made of; otherwise each phone has others. */
  readonly seed?: number;
}

/** The app's fields by their type: a message in which one of them is something else is dropped whole. */
const fieldTypes: Readonly<Record<string, string>> = {
  ...{ type: "string", from: "string", sdp: "string", callId: "string", message: "string", sdpMid: "string" },
  ...{ isVideoCall: "boolean", online: "boolean", sdpMLineIndex: "number" },
};

let seeds = 1_000;

/** The shipped app on a phone: it says what the app says, byte for byte, and bears only what the app can bear. */
export class AppPhone {
  readonly number: string;
  readonly peer: RawPeer;
  /** What it sent, byte for byte. */
  readonly said: string[] = [];
  readonly offer: FakeSide;
  readonly answer: FakeSide;

  private constructor(number: string, peer: RawPeer, seed: number) {
    this.number = number;
    this.peer = peer;
    this.offer = fakeOffer(seed);
    this.answer = fakeAnswer(seed);
  }

  /** Opens the app: it joins without a token, and shows "Connecting" until its list of users comes. */
  static async open(server: { readonly wsUrl: string }, number: string, options: AppPhoneOptions): Promise<AppPhone> {
    const headers = { "user-agent": "okhttp/4.12.0", ...options.headers };
    const peer = await RawPeer.connect(server.wsUrl, { ...options, headers });
    const phone = new AppPhone(number, peer, options.seed ?? ++seeds);
    options.test.after(() => phone.assertBearable());
    phone.say({ type: "join", userId: number });
    await peer.next("userList");
    return phone;
  }

  say(message: object): void {
    const text = gson(message);
    this.said.push(text);
    this.peer.send(text);
  }

  next<T extends ServerMessageType>(type: T, predicate?: (message: ServerMessageByType<T>) => boolean) {
    return this.peer.next(type, predicate);
  }

  dials(to: string, isVideoCall = true): void {
    this.say({ type: "offer", from: this.number, to, sdp: this.offer.sdp, isVideoCall });
  }

  /** Waits until it rings. */
  async rings(from: string): Promise<ServerMessageByType<"offer">> {
    return this.peer.next("offer", (message) => message.from === from);
  }

  answers(offer: ServerMessageByType<"offer">): void {
    const { from: to, callId } = offer;
    this.say({ type: "answer", from: this.number, to, sdp: this.answer.sdp, callId });
  }

  trickles(to: string, count = 1, side = this.offer): string[] {
    return side.candidates(count).map(({ sdpMid, sdpMLineIndex, candidate }) => {
      this.say({ type: "candidate", from: this.number, to, candidate: { sdpMid, sdpMLineIndex, candidate } });
      return candidate;
    });
  }

  hangsUp(to: string, callId = ""): void {
    this.say({ type: "hangup", from: this.number, to, callId });
  }

  rejects({ from: to, callId }: ServerMessageByType<"offer">): void {
    this.say({ type: "reject", from: this.number, to, callId });
  }

  /** What the app reports before it hangs up. */
  reports(caller: string, callee: string, callId: string): void {
    this.say({
      ...{ type: "callStats", from: this.number, callId, caller, callee, isVideo: true, duration: 12, totalSamples: 2 },
      ...{ avgSendBitrateKbps: 800, avgReceiveBitrateKbps: 600, avgPacketLossPercent: 0.5, avgRttMs: 48 },
      ...{ totalDataUsedBytes: 2_097_152, qualityDistribution: { good: 2, moderate: 0, poor: 0 } },
      samples: [1_767_225_600_000, 1_767_225_601_000].map((timestamp) => ({
        ...{ timestamp, sendBitrateKbps: 800, receiveBitrateKbps: 600, packetLossPercent: 0.5, rttMs: 48 },
        ...{ networkQuality: "GOOD", dataUsedBytes: 1_048_576 },
      })),
    });
  }

  assertBearable(): void {
    for (const text of this.peer.receivedTexts) assertBearable(JSON.parse(text), text);
  }
}

function assertBearable(value: unknown, text: string): void {
  assert.notEqual(value, null, `a null in ${text}`);
  if (typeof value !== "object" || value === null) return;
  for (const [name, field] of Object.entries(value)) {
    const type = fieldTypes[name];
    if (type !== undefined) assert.equal(typeof field, type, `${name} in ${text}`);
    if (name === "users") assert.ok(Array.isArray(field) && field.every((user) => typeof user === "string"), text);
    assertBearable(field, text);
  }
}
