import assert from "node:assert/strict";
import { it } from "node:test";
import { SessionKeeper } from "../src/state/session-keeper.ts";

it("reads the number that the address names as any other number that is typed", () => {
  const named = ["?as=%2B491700000018", "?as=+491700000018", "?as=%E2%80%AA+49%20170%E2%80%910000018", "?x=1"];
  const number = "+491700000018";
  assert.deepEqual(
    named.map((search) => new SessionKeeper(search).as),
    [number, number, number, undefined],
  );
});
