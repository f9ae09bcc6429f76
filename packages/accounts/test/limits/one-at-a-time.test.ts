import assert from "node:assert/strict";
import { test } from "node:test";
import { createOneAtATime } from "../../src/limits/one-at-a-time.ts";

test("what has the same key runs one after the other, also after a failure, and other keys do not wait", async () => {
  const oneAtATime = createOneAtATime();
  const said: string[] = [];
  let letGo = () => {};
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const first = oneAtATime("a", async () => {
    await held;
    said.push("first");
    throw new Error("failed");
  });
  const second = oneAtATime("a", async () => void said.push("second"));
  await oneAtATime("b", async () => void said.push("other"));
  assert.deepEqual(said, ["other"]);
  letGo();
  await assert.rejects(first, /failed/);
  await second;
  assert.deepEqual(said, ["other", "first", "second"]);
});
