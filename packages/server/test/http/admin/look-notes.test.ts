import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeClock } from "@echoo/testkit";
import { LookNotes, lookBounds } from "../../../src/http/admin/look-notes.ts";

function scene() {
  const noted: string[] = [];
  const clock = new FakeClock();
  const notes = new LookNotes({ note: (_event, { other }) => void noted.push(other ?? "") }, clock);
  const token = { id: "t", userId: "5550000", expiresAtMs: 0, kind: "own" } as const;
  const asked = { caller: { kind: "user", userId: "5550000", token }, address: "::1", requestId: "r" } as const;
  const look = (other: string) => notes.note(asked, { event: "admin_looked_at_calls", other, note: "listed" });
  return { noted, clock, look };
}

test("the same look within ten minutes is one look, and a later one another", () => {
  const { noted, clock, look } = scene();
  look("ann");
  look("bob");
  clock.advance(lookBounds.sameLookMs - 1);
  look("ann");
  assert.deepEqual(noted, ["ann", "bob"]);
  clock.advance(1);
  look("ann");
  assert.deepEqual(noted, ["ann", "bob", "ann"]);
});

test("so many looks are remembered; with one more the oldest is forgotten, and noted again", () => {
  const { noted, look } = scene();
  for (let n = 0; n <= lookBounds.rememberedLooks; n += 1) look(`user ${n}`);
  look("user 1");
  assert.equal(noted.length, lookBounds.rememberedLooks + 1);
  look("user 0");
  assert.equal(noted.length, lookBounds.rememberedLooks + 2);
});
