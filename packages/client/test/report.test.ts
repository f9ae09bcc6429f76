import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ReportEvent } from "@echoo/protocol";
import { FakeClock } from "@echoo/testkit";
import type { MediaPort } from "../src/media/media-port.ts";
import { CallReport, firstEventsMax, newestEventsMax } from "../src/report/call-report.ts";
import { observedMedia } from "../src/report/observed-media.ts";
import { mediaWait, notePlayback, reporterOf } from "../src/report/report-calls.ts";

function reported(options: { known?: () => boolean; up?: () => boolean } = {}) {
  const clock = new FakeClock();
  const sent: ReportEvent[] = [];
  const port = {
    clock,
    canSend: options.up ?? (() => true),
    send: (_callId: string, events: readonly ReportEvent[]) => void sent.push(...events),
    remember: () => {},
  };
  const report = new CallReport({ id: "c1" }, port, options.known ?? (() => true));
  return { clock, sent, report };
}

describe("a call's report", () => {
  it("numbers what is noted and sends it within 5 s", () => {
    const { clock, sent, report } = reported();
    report.note("ice", { state: "checking" });
    report.note("ice", { state: "connected" });
    clock.advance(4_999);
    assert.equal(sent.length, 0);
    clock.advance(1);
    assert.deepEqual(
      sent.map(({ n, state }) => [n, state]),
      [
        [0, "checking"],
        [1, "connected"],
      ],
    );
  });

  it("waits while the server is away or has not heard of the call, the first 150 and the newest 50", () => {
    let isUp = false;
    const { clock, sent, report } = reported({ up: () => isUp });
    for (let n = 0; n <= firstEventsMax + newestEventsMax; n++) report.note("ice", { state: "checking" });
    clock.advance(60_000);
    assert.equal(sent.length, 0);
    isUp = true;
    report.flush();
    assert.equal(sent.length, firstEventsMax + newestEventsMax);
    assert.deepEqual([sent[149]?.n, sent[150]?.n, sent.at(-1)?.n], [149, 151, 200]);
  });
});

/** A connection with the events of a browser's. */
class WatchedConnection extends EventTarget {
  signalingState = "stable";
  connectionState = "new";
  iceConnectionState = "checking";
  iceGatheringState = "complete";
  restarts = 0;
  async setLocalDescription(): Promise<void> {}
  async setRemoteDescription(): Promise<void> {
    throw Object.assign(new Error("v=0 o=- 1 1 IN IP4 192.0.2.1"), { name: "InvalidAccessError" });
  }
  restartIce(): void {
    this.restarts += 1;
  }
  tell(type: string, more: object = {}): void {
    this.dispatchEvent(Object.assign(new Event(type), more));
  }
}

describe("what is told of a call's media", () => {
  function observed(media: Partial<MediaPort>) {
    const { clock, sent, report } = reported();
    const told = () => {
      clock.advance(5_000);
      return sent.map(({ n: _n, t: _t, ...event }) => event);
    };
    return { media: observedMedia(media as MediaPort, report), told };
  }

  it("names states, types and errors, and never an address, a device or a description", async () => {
    const connection = new WatchedConnection();
    const { media, told } = observed({ createPeerConnection: () => connection as never });
    const made = media.createPeerConnection({}, {} as never);
    connection.tell("icegatheringstatechange");
    const candidate = { type: "relay", protocol: "udp", relayProtocol: "tls", address: "192.0.2.1" };
    connection.tell("icecandidate", { candidate: { ...candidate, url: "turns:turn.example:5349?transport=tcp" } });
    connection.tell("icecandidateerror", {
      errorCode: 401,
      url: "turn:192.0.2.9:3478?transport=tcp",
      address: "10.0.0.1",
    });
    connection.tell("iceconnectionstatechange");
    connection.tell("connectionstatechange");
    connection.tell("signalingstatechange");
    await assert.rejects(made.setRemoteDescription({ type: "answer", sdp: "v=0" }), { name: "InvalidAccessError" });
    await made.setLocalDescription();
    made.restartIce();
    assert.equal(connection.restarts, 1);
    assert.deepEqual(told(), [
      { kind: "gathering", state: "complete" },
      { kind: "gathering", scheme: "turns", transport: "tls", candidate: "relay" },
      { kind: "gathering", code: 401, scheme: "turn", transport: "tcp" },
      { kind: "ice", state: "checking" },
      { kind: "connection", state: "new" },
      { kind: "signaling", state: "stable" },
      { kind: "negotiation", step: "remoteDescription", error: "InvalidAccessError" },
      { kind: "restart" },
    ]);
  });

  it("says of a device why it could not be opened, when it ended, and that another took its place", async () => {
    const track = Object.assign(new EventTarget(), { kind: "audio", label: "Ann's headset" });
    let refusal: Error | undefined = Object.assign(new Error("no"), { name: "NotAllowedError" });
    const { media, told } = observed({
      getUserMedia: async () => {
        if (refusal !== undefined) throw refusal;
        return { getTracks: () => [track] } as never;
      },
    });
    await assert.rejects(media.getUserMedia({ audio: true }));
    refusal = undefined;
    await media.getUserMedia({ audio: true });
    track.dispatchEvent(new Event("ended"));
    await media.getUserMedia({ audio: true });
    assert.deepEqual(told(), [
      { kind: "media", audio: true, video: false, error: "NotAllowedError" },
      { kind: "media", audio: true, video: false },
      { kind: "track", side: "local", media: "audio", state: "ended", cause: "device" },
      { kind: "media", audio: true, video: false },
      { kind: "track", side: "local", media: "audio", state: "replaced" },
    ]);
  });
});

describe("the reports of a client's calls", () => {
  function reporting() {
    const clock = new FakeClock();
    const sent: ReportEvent[] = [];
    const connection = new WatchedConnection();
    const port = {
      clock,
      media: { createPeerConnection: () => connection } as never,
      url: "wss://server.test/ws",
      token: () => undefined,
      linkUp: () => true,
      send: (message: { type: string; events?: readonly ReportEvent[] }) => void sent.push(...(message.events ?? [])),
    };
    const handlers = new Map<string, (event: never) => void>();
    const call = {
      id: "c1",
      direction: "outgoing",
      startedAtMs: undefined as number | undefined,
      isKnown: true,
      media: { audio: true },
      on: (type: string, run: (event: never) => void) => void handlers.set(type, run),
    };
    const { media } = reporterOf(port as never)(call as never);
    const emit = (type: string, event: unknown = undefined) => handlers.get(type)?.(event as never);
    return { clock, sent, call, connection, media, emit };
  }

  it("tell what their user does, the path and the codec, and the end at once", () => {
    const { sent, call, emit } = reporting();
    call.media.audio = false;
    emit("media");
    emit("media");
    for (const pair of ["host", "host", "relay"]) emit("sample", { pair, protocol: "udp", codec: "audio/opus" });
    notePlayback(call as never, "refused");
    call.startedAtMs = 1;
    emit("ended", { by: "you" });
    assert.deepEqual(
      sent.map(({ n: _n, t: _t, ...event }) => event),
      [
        { kind: "track", side: "local", media: "audio", state: "muted", cause: "user" },
        { kind: "pair", candidate: "host", transport: "udp" },
        { kind: "codec", codec: "audio/opus" },
        { kind: "pair", candidate: "relay", transport: "udp" },
        { kind: "playback", state: "refused" },
        { kind: "end", state: "hangup", cause: "user" },
      ],
    );
  });

  it("say nothing of a call that the server has not heard of", () => {
    const { sent, call, emit } = reporting();
    call.isKnown = false;
    emit("ended", { by: "you" });
    assert.equal(sent.length, 0);
  });

  it("know what a call that does not connect waits for", () => {
    const { call, connection, media } = reporting();
    assert.equal(mediaWait(call as never), undefined);
    media.createPeerConnection({ iceServers: [{ urls: "turn:turn.test:3478" }] }, {} as never);
    connection.signalingState = "have-local-offer";
    connection.tell("signalingstatechange");
    assert.equal(mediaWait(call as never), "negotiation");
    connection.signalingState = "stable";
    connection.tell("signalingstatechange");
    connection.tell("iceconnectionstatechange");
    assert.equal(mediaWait(call as never), "path");
    connection.tell("icegatheringstatechange");
    assert.equal(mediaWait(call as never), "relay");
    connection.tell("icecandidate", { candidate: { type: "relay", protocol: "udp", url: "turn:turn.test" } });
    assert.equal(mediaWait(call as never), "path");
    connection.iceConnectionState = "connected";
    connection.tell("iceconnectionstatechange");
    assert.equal(mediaWait(call as never), "encryption");
  });
});
