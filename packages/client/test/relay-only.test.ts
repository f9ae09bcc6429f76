import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { withoutAddresses } from "../src/peer/without-addresses.ts";
import { Bench, settled } from "./bench.ts";
import { connected } from "./two-sides.ts";

const sdp = [
  ...["v=0", "o=- 1 2 IN IP4 127.0.0.1", "s=-", "t=0 0", "a=fingerprint:sha-256 AA:BB"],
  ...["m=audio 53021 UDP/TLS/RTP/SAVPF 111", "c=IN IP4 203.0.113.7", "a=rtcp:9 IN IP4 203.0.113.7"],
  ...[
    "a=candidate:1 1 udp 2122 192.168.1.7 53021 typ host generation 0",
    "a=candidate:2 1 udp 41 198.51.100.1 4 typ relay",
  ],
  ...[
    "a=end-of-candidates",
    "a=ice-ufrag:abcd",
    "a=mid:0",
    "m=video 0 UDP/TLS/RTP/SAVPF 96",
    "c=IN IP6 2001:db8::7",
    "a=mid:1",
  ],
  "",
];

function policies(bench: Bench): (string | undefined)[] {
  return (bench.media.connections[0]?.configurations ?? []).map((one) => one.iceTransportPolicy);
}

describe("a server that wants calls to go through a relay", () => {
  it("is heeded from the first connection on where it says so at the join", async () => {
    const bench = new Bench();
    bench.online({ iceTransportPolicy: "relay" });
    void bench.client.call("bob", { video: false });
    await settled();
    assert.deepEqual(policies(bench), ["relay"]);
  });

  it("is heeded by the callee of a call from its first connection on", async () => {
    const bench = new Bench();
    bench.online();
    const offer = { callId: "c1", from: "eve", to: "ann", sdp: "v=0", isVideoCall: false, expiresInMs: 60_000 };
    bench.socket.say({ type: "offer", ...offer, iceTransportPolicy: "relay" });
    bench.client.calls[0]?.answer().catch(() => {});
    await settled();
    assert.deepEqual(policies(bench), ["relay"]);
  });

  it("is heeded by the caller, who hears of it with the call, in all that is gathered from then on", async () => {
    const bench = new Bench();
    bench.online();
    const placed = bench.client.call("bob", { video: false });
    await settled();
    const { callId = "", id } = bench.socket.last("offer");
    bench.socket.say({ type: "calling", callId, to: "bob", expiresInMs: 60_000, id, iceTransportPolicy: "relay" });
    await placed;
    await settled();
    assert.deepEqual(policies(bench), [undefined, "relay"]);
  });

  it("does not change calls of which it says nothing", async () => {
    const { ann, bob } = await connected();
    assert.deepEqual([policies(ann), policies(bob)], [[undefined], [undefined]]);
  });
});

it("a description without addresses keeps everything else, its line ends included", () => {
  assert.deepEqual(withoutAddresses(sdp.join("\r\n")).split("\r\n"), [
    ...["v=0", "o=- 1 2 IN IP4 127.0.0.1", "s=-", "t=0 0", "a=fingerprint:sha-256 AA:BB"],
    ...["m=audio 9 UDP/TLS/RTP/SAVPF 111", "c=IN IP4 0.0.0.0", "a=rtcp:9 IN IP4 0.0.0.0"],
    ...["a=ice-ufrag:abcd", "a=mid:0", "m=video 0 UDP/TLS/RTP/SAVPF 96", "c=IN IP4 0.0.0.0", "a=mid:1", ""],
  ]);
});
