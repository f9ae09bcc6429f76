import assert from "node:assert/strict";
import { test } from "node:test";
import { codesSetUp, from, someAddress } from "../registration/codes-setup.ts";

const bob = "5550002";

test("in a day of asking and guessing from a thousand addresses no more tries are had than SECURITY.md says", async (t) => {
  const { clock, store, codes } = codesSetUp(t);
  let [tries, hourBegan] = [0, 0];
  const perHour: number[] = [];
  const { takeTry } = store.codes;
  store.codes.takeTry = async (...given) => {
    const taken = await takeTry(...given);
    if (taken !== undefined) tries += 1;
    return taken;
  };
  for (let minute = 0; minute < 24 * 60; minute += 1) {
    for (let n = 0; n < 4; n += 1) {
      const client = from(someAddress((minute * 4 + n) % 1_000));
      // Whatever is not the code: six digits are.
      const asked = await codes.make(bob, client).catch(() => undefined);
      for (const each of [client, client, client, from(someAddress(2_000 + minute))]) {
        await codes.redeem(bob, "wrong!", { client: each, challenge: asked?.challenge }).catch(() => undefined);
        await codes.redeem(bob, "wrong!", { client: each }).catch(() => undefined);
      }
    }
    clock.advance(60_000);
    if (minute % 60 !== 59) continue;
    perHour.push(tries - hourBegan);
    hourBegan = tries;
  }
  t.diagnostic(`${Math.max(...perHour)} tries in the worst hour, ${tries} in the day`);
  assert.ok(Math.max(...perHour) <= 50);
  assert.ok(tries <= 200);
});
