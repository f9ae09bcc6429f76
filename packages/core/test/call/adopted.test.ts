import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { isRinging } from "../../src/call/call.ts";
import { device, placed, playInputs, sender, startMs } from "./call-fixtures.ts";

const adopted = { type: "restarted", provenAtMs: startMs, adopted: true } as const;
const answer = { type: "answer", by: sender("bob"), sdp: "answer" } as const;
const back = (session: string) => ({ type: "back", session }) as const;

describe("a call that another node goes on with", () => {
  test("tells each side that the other may be gone, and that it is back", () => {
    const { rows } = playInputs(placed(), [
      [0, answer],
      [1_000, adopted],
      [1_000, back("bob")],
      [2_000, back("ann")],
    ]);
    assert.deepEqual(
      rows.filter((row) => !row.startsWith("0s")),
      [
        "1s bob < peerLost",
        "1s ann < peerLost",
        "1s ann < peerBack",
        "1s claim bob",
        "2s bob < peerBack",
        "2s claim ann",
      ],
    );
  });

  test("rings on where it rang, so that its end is told there", () => {
    const { call } = playInputs(placed({ devices: [device("bob"), device("bob2")] }), [[1_000, adopted]]);
    assert.ok(isRinging(call));
    assert.deepEqual(
      call.offered.map(({ session, lostAtMs }) => [session, lostAtMs]),
      [
        ["bob", startMs + 1_000],
        ["bob2", startMs + 1_000],
      ],
    );
    const { rows } = playInputs(call, [[2_000, { type: "calleeTaken" }]]);
    assert.deepEqual(rows, ["2s ann < busy busy", "2s bob < busy busy", "2s bob2 < busy busy", "2s record busy"]);
  });
});
