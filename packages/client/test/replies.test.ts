import assert from "node:assert/strict";
import { it } from "node:test";
import { FakeClock } from "@echoo/testkit";
import { Replies, repliesMax } from "../src/connection/replies.ts";

it("so many questions wait for their answers, and one more is refused, whether about many users or about one", async () => {
  for (const keyOf of [(n: number) => `user${n}`, () => "bob"]) {
    const replies = new Replies<number>(new FakeClock());
    const ask = (n: number) => replies.request(keyOf(n), () => true);
    const waiting = Array.from({ length: repliesMax }, (_, n) => ask(n));
    await assert.rejects(ask(repliesMax), { code: "rate_limited" });
    for (let n = 0; n < repliesMax; n += 1) replies.settle(keyOf(n), 1);
    assert.equal((await Promise.all(waiting)).length, repliesMax);
    const next = ask(0);
    replies.settle(keyOf(0), 2);
    assert.equal(await next, 2);
  }
});
