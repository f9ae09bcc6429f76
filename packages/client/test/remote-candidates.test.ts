import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Candidate } from "@echoo/protocol";
import type { PeerConnection } from "../src/media/media-port.ts";
import { RemoteCandidates, takenMax, waitingMax } from "../src/peer/remote-candidates.ts";

/** A connection that notes what the browser is given. */
function setUp() {
  const given: (string | null)[] = [];
  const connection = {
    remoteDescription: { type: "offer", sdp: "" },
    addIceCandidate: async (candidate: RTCIceCandidateInit | null) => void given.push(candidate?.candidate ?? null),
  };
  const candidates = new RemoteCandidates();
  const peer = connection as unknown as PeerConnection;
  const describes = async (ufrag: string) => {
    connection.remoteDescription = { type: "offer", sdp: `v=0\r\na=ice-ufrag:${ufrag}\r\n` };
    await candidates.release(peer);
  };
  return { given, peer, candidates, describes };
}

function candidate(n: number, ufrag: string): Candidate {
  return { candidate: `candidate:${n} 1 udp 1 192.0.2.1 ${n} typ relay`, sdpMid: "0", usernameFragment: ufrag };
}

describe("the other side's candidates", () => {
  it("wait for the description up to a bound, past which the oldest go: relays and the end come last", async () => {
    const { given, candidates, describes } = setUp();
    for (let n = 0; n < waitingMax; n += 1) await candidates.add(undefined, candidate(n, "a"));
    await candidates.add(undefined, null);
    await describes("a");
    assert.deepEqual([given.length, given[0]], [waitingMax, candidate(1, "a").candidate]);
    assert.equal(given.at(-1), null);
  });

  it("of one negotiation are given to the browser up to a bound, and those of the next up to it again", async () => {
    const { given, peer, candidates, describes } = setUp();
    for (const ufrag of ["a", "b", "c"]) {
      await describes(ufrag);
      for (let n = 0; n <= takenMax; n += 1) await candidates.add(peer, candidate(n, ufrag));
      assert.deepEqual([given.length, given.at(-1)], [takenMax, candidate(takenMax - 1, ufrag).candidate]);
      given.length = 0;
    }
  });
});
