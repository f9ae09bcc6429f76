import assert from "node:assert/strict";
import { test } from "node:test";
import { type MadeInvitation, makeInvitation } from "@echoo/accounts";
import { StoreUnavailable } from "@echoo/core";
import { FakeClock } from "@echoo/testkit";
import { temporaryStore } from "../../../accounts/test/temporary-store.ts";
import { showFirstInvitation } from "../../src/composition/first-invitation.ts";
import { randomSecret } from "../../src/composition/platform.ts";

test("the first invitation is shown as soon as it is known that nobody is administrator, and once", async (t) => {
  const clock = new FakeClock();
  const store = temporaryStore(t);
  const { hasAdmin } = store.users;
  let asked = 0;
  let isAway = true;
  store.users.hasAdmin = async () => {
    asked += 1;
    if (isAway) throw new StoreUnavailable(new Error("away"));
    return hasAdmin();
  };
  const shown: MadeInvitation[] = [];
  const make = () =>
    makeInvitation({ admin: true, first: true }, { secret: "s".repeat(32), randomSecret, nowMs: clock.now() });
  const onFault = (error: unknown) => assert.fail(String(error));
  const begin = () => showFirstInvitation({ store, clock, make, show: (made) => shown.push(made), onFault });
  const turn = () => new Promise((resolve) => setImmediate(resolve));

  const stop = begin();
  await turn();
  clock.advance(5_000);
  await turn();
  assert.deepEqual([asked, shown.length], [2, 0]);
  isAway = false;
  clock.advance(5_000);
  await turn();
  assert.deepEqual([asked, shown.length, clock.pendingTimers], [3, 1, 0]);
  assert.deepEqual([shown[0]?.invitation.admin, shown[0]?.invitation.first], [true, true]);
  assert.equal(shown[0]?.invitation.expiresAtMs, clock.now() + 15 * 60_000);
  stop();

  isAway = true;
  const stopAway = begin();
  await turn();
  stopAway();
  assert.equal(clock.pendingTimers, 0);
  isAway = false;
  await store.users.ensure("5550001", { admin: true }, clock.now());
  begin();
  await turn();
  assert.equal(shown.length, 1, "there is an administrator");
});
