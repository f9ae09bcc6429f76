import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ExtensionIds } from "../src/peer/extension-ids.ts";

const level = "urn:ietf:params:rtp-hdrext:csrc-audio-level";
const sendTime = "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time";
const mid = "urn:ietf:params:rtp-hdrext:sdes:mid";
const offset = "urn:ietf:params:rtp-hdrext:toffset";

const sdp = (...lines: string[]) => lines.map((line) => `${line}\r\n`).join("");
/** What Chromium offers with a camera after it answered Firefox without `csrc-audio-level`. */
const own = sdp(
  "m=audio 9 UDP/TLS/RTP/SAVPF 109",
  `a=extmap:3 ${mid}`,
  "m=video 9 UDP/TLS/RTP/SAVPF 96",
  `a=extmap:14 ${offset}`,
  `a=extmap:2 ${sendTime}`,
  `a=extmap:3 ${mid}`,
);
/** What Firefox offers with a camera at the same time. */
const peers = sdp(
  "m=audio 9 UDP/TLS/RTP/SAVPF 109",
  `a=extmap:2/recvonly ${level}`,
  `a=extmap:3 ${mid}`,
  "m=video 9 UDP/TLS/RTP/SAVPF 120",
  `a=extmap:3 ${mid}`,
  `a=extmap:4 ${sendTime}`,
);

describe("extension ids", () => {
  it("leave out of the peer's offer what would give an id of one's own offers another meaning", () => {
    const ids = new ExtensionIds();
    ids.offered(own);
    assert.equal(ids.withoutOthers(peers), peers.replace(`a=extmap:2/recvonly ${level}\r\n`, ""));
  });

  it("keep the meaning of the first offer, whatever a later one says", () => {
    const ids = new ExtensionIds();
    ids.offered(own);
    ids.offered(sdp(`a=extmap:2 ${level}`));
    assert.equal(
      ids.withoutOthers(sdp(`a=extmap:2 ${sendTime}`, `a=extmap:2 ${level}`)),
      sdp(`a=extmap:2 ${sendTime}`),
    );
  });

  it("change nothing of an offer that comes before any of one's own, nor on the next connection", () => {
    const ids = new ExtensionIds();
    assert.equal(ids.withoutOthers(peers), peers);
    ids.offered(own);
    ids.reset();
    assert.equal(ids.withoutOthers(peers), peers);
  });
});
