import assert from "node:assert/strict";
import { test } from "node:test";
import { rtcstatsLines } from "../../src/verdict/rtcstats.ts";
import { input, ordinarySide, record } from "./verdict-fixtures.ts";

test("a call as rtcstats has a head, and then what happened on both sides, in the order of time", () => {
  const video = record();
  const denied = { atMs: 5, kind: "media", audio: true, error: "NotAllowedError" } as const;
  const refused = { atMs: 6, kind: "gathering", code: 401, scheme: "turn", transport: "udp" } as const;
  const callee = ordinarySide(video, undefined, [denied, refused, { atMs: 7, kind: "restart" }]);
  const [magic, head, ...lines] = rtcstatsLines(input(video, { caller: ordinarySide(video), callee }));
  assert.equal(magic, "RTCStatsDump");
  assert.equal(JSON.parse(head ?? "").conference, "c1");
  const parsed = lines.map((line) => JSON.parse(line) as [string, string | null, unknown, number]);
  const times = parsed.map(([, , , t]) => t);
  assert.deepEqual(
    times,
    times.toSorted((a, b) => a - b),
  );
  const of = (method: string) => parsed.filter(([name]) => name === method).map(([, side, data]) => [side, data]);
  assert.deepEqual(of("oniceconnectionstatechange"), [
    ["caller", "checking"],
    ["callee", "checking"],
    ["caller", "connected"],
    ["callee", "connected"],
  ]);
  assert.deepEqual(of("navigator.mediaDevices.getUserMediaOnFailure"), [
    [null, { name: "NotAllowedError", audio: true }],
  ]);
  assert.deepEqual(of("onicecandidateerror"), [["callee", { errorCode: 401, url: "turn", transport: "udp" }]]);
  assert.deepEqual(of("restartIce"), [["callee", null]]);
  const [[, stats] = []] = of("getstats");
  assert.deepEqual((stats as Record<string, Record<string, unknown>>).pair, {
    type: "candidate-pair",
    nominated: true,
    currentRoundTripTime: 0.04,
    availableOutgoingBitrate: 2_500_000,
  });
});
