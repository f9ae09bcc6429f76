import assert from "node:assert/strict";
import { it } from "node:test";
import { LatePart } from "../src/late/late-part.ts";

it("a part that comes later is loaded once, however often it is asked for", async () => {
  let loads = 0;
  const late = new LatePart(async () => {
    loads += 1;
    return "screen";
  });
  assert.deepEqual(late.view.value, { part: undefined, failed: false });
  await Promise.all([late.fetch(), late.fetch()]);
  await late.fetch();
  assert.deepEqual(late.view.value, { part: "screen", failed: false });
  assert.equal(loads, 1);
});

it("a part that did not come is loaded anew when it is asked for again, and does not count as failed meanwhile", async () => {
  const answers = [Promise.reject(new Error("offline")), Promise.resolve("screen")];
  const late = new LatePart(() => answers.shift() ?? Promise.reject(new Error("asked too often")));
  await late.fetch();
  assert.deepEqual(late.view.value, { part: undefined, failed: true });
  const again = late.fetch();
  assert.deepEqual(late.view.value, { part: undefined, failed: false });
  await again;
  assert.deepEqual(late.view.value, { part: "screen", failed: false });
});
