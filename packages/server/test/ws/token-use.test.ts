import assert from "node:assert/strict";
import { test } from "node:test";
import type { Engine, Session } from "@echoo/core";
import { FakeClock } from "@echoo/testkit";
import { createLogger } from "../../src/observability/logging.ts";
import { TokenUse } from "../../src/ws/token-use.ts";

const hourMs = 3_600_000;

function setUp(sparesCalls: boolean) {
  const clock = new FakeClock();
  const session = { token: "first", expiry: { atMs: clock.now() + hourMs * 30, sparesCalls } };
  const used: string[] = [];
  const prolonged: unknown[] = [];
  const use = new TokenUse(
    {
      clock,
      logger: createLogger("silent"),
      tokens: {
        keepAlive: async (tokenId) => {
          used.push(tokenId);
          return clock.now() + 7;
        },
      },
      engine: {
        renewToken: (_session: Session, renewal: unknown) => void prolonged.push(renewal),
      } as unknown as Engine,
    },
    () => session as Session,
  );
  return { clock, session, used, prolonged, use };
}

test("a live socket counts as use of its token every hour, and the session lives as long as the token does then", async () => {
  const { clock, used, prolonged, use } = setUp(false);
  use.start();
  clock.advance(2 * hourMs);
  await new Promise(setImmediate);
  assert.deepEqual(used, ["first", "first"]);
  assert.deepEqual(prolonged.at(-1), { tokenId: "first", expiry: { atMs: clock.now() + 7, sparesCalls: false } });
  use.stop();
  assert.equal(clock.pendingTimers, 0);
});

test("a token of the host product is not prolonged by its use", async () => {
  const { clock, used, prolonged, use } = setUp(true);
  use.start();
  clock.advance(3 * hourMs);
  await new Promise(setImmediate);
  assert.deepEqual([used, prolonged], [[], []]);
});

test("a token that was renewed while the store was asked is left alone", async () => {
  const { clock, session, prolonged, use } = setUp(false);
  use.start();
  clock.advance(hourMs);
  session.token = "second";
  await new Promise(setImmediate);
  assert.deepEqual(prolonged, []);
});

test("once its socket is gone it cannot be started again", () => {
  const { clock, use } = setUp(false);
  use.end();
  use.start();
  assert.equal(clock.pendingTimers, 0);
});
