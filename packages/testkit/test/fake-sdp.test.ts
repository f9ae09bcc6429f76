import assert from "node:assert/strict";
import { test } from "node:test";
import { limits } from "@echoo/protocol";
import { fakeAnswer, fakeOffer } from "../src/fake-sdp.ts";

test("an offer is as long as a browser's, the same for a seed and different for each", () => {
  const { sdp } = fakeOffer(1);
  assert.ok(sdp.length > 4_200 && sdp.length < 4_700, `${sdp.length}`);
  assert.equal(fakeOffer(1).sdp, sdp);
  const all = [1, 2, 3].flatMap((seed) => [fakeOffer(seed), fakeAnswer(seed)]);
  assert.equal(new Set(all.map(({ ufrag }) => ufrag)).size, all.length);
});

test("every line of an SDP is a field, and names the ufrag of its candidates", () => {
  for (const side of [fakeOffer(4), fakeAnswer(4)]) {
    for (const line of side.sdp.trimEnd().split("\r\n")) assert.match(line, /^[a-z]=\S/);
    assert.equal(side.sdp.split(`a=ice-ufrag:${side.ufrag}\r\n`).length, 3);
    const candidates = side.candidates(10);
    assert.equal(new Set(candidates.map(({ candidate }) => candidate)).size, 10);
    for (const { candidate, usernameFragment } of candidates) {
      assert.equal(usernameFragment, side.ufrag);
      assert.ok(candidate.includes(`ufrag ${side.ufrag}`) && candidate.length < limits.candidateChars);
    }
  }
});
