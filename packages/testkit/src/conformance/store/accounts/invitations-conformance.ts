import assert from "node:assert/strict";
import type { InvitationClaim } from "@echoo/core";
import { startMs } from "../../ended-call.ts";
import type { StoreCase } from "../store-case.ts";

const claim: InvitationClaim = {
  invitationId: "invitation",
  claimId: "first",
  claimant: "ann",
  nowMs: startMs,
  untilMs: startMs + 10_000,
  expiresAtMs: startMs + 900_000,
};

export function invitationsConformance(check: StoreCase): void {
  check("an invitation is redeemed once, and another one is another", async ({ invitations }) => {
    assert.deepEqual(await invitations.claim(claim), { state: "claimed", sinceMs: startMs });
    assert.equal(await invitations.isUsed("invitation"), false);
    assert.equal(await invitations.complete("invitation", "first"), true);
    assert.deepEqual([await invitations.isUsed("invitation"), await invitations.isUsed("other")], [true, false]);
    for (const nowMs of [startMs, claim.untilMs, claim.expiresAtMs + 3_600_000]) {
      assert.deepEqual(await invitations.claim({ ...claim, claimId: "later", nowMs }), { state: "used" });
    }
    const other = { ...claim, invitationId: "another" };
    assert.deepEqual(await invitations.claim(other), { state: "claimed", sinceMs: startMs });
  });

  check("of many who claim an invitation at once one gets it, and the others are told to wait", async (store) => {
    const { invitations } = store;
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        invitations.claim({ ...claim, claimId: `claim ${i}`, claimant: `p${i % 3}` }),
      ),
    );
    assert.equal(outcomes.filter(({ state }) => state === "claimed").length, 1);
    const others = outcomes.filter(({ state }) => state !== "claimed");
    for (const outcome of others) assert.deepEqual(outcome, { state: "busy", untilMs: claim.untilMs });
  });

  check(
    "a claim that was not completed lapses; the invitation then completes for the next claim alone",
    async (store) => {
      const { invitations } = store;
      await invitations.claim(claim);
      const next = { ...claim, claimId: "second", claimant: "bob", untilMs: startMs + 20_000 };
      assert.equal((await invitations.claim({ ...next, nowMs: claim.untilMs - 1 })).state, "busy");
      const nowMs = claim.untilMs;
      assert.deepEqual(await invitations.claim({ ...next, nowMs }), { state: "claimed", sinceMs: nowMs });
      assert.equal(await invitations.complete("invitation", "first"), false);
      await invitations.release("invitation", "first");
      assert.equal(await invitations.complete("invitation", "second"), true);
    },
  );

  check("a claim from before the clock was set back keeps no client waiting", async ({ invitations }) => {
    await invitations.claim(claim);
    const later = (agoMs: number) => {
      const nowMs = startMs - agoMs;
      return { ...claim, claimId: `${agoMs} ago`, claimant: "bob", nowMs, untilMs: nowMs + 10_000 };
    };
    assert.deepEqual(await invitations.claim(later(10_000)), { state: "busy", untilMs: claim.untilMs });
    assert.deepEqual(await invitations.claim(later(3_600_000)), { state: "claimed", sinceMs: startMs - 3_600_000 });
    assert.equal(await invitations.complete("invitation", "first"), false);
  });

  check("who claims again after a lapse is told when they began, with nobody in between", async ({ invitations }) => {
    await invitations.claim(claim);
    const again = (claimId: string, claimant: string, nowMs: number) =>
      invitations.claim({ ...claim, claimId, claimant, nowMs, untilMs: nowMs + 1 });
    assert.deepEqual(await again("2", "ann", startMs + 10_000), { state: "claimed", sinceMs: startMs });
    assert.deepEqual(await again("3", "ann", startMs + 10_001), { state: "claimed", sinceMs: startMs });
    assert.deepEqual(await again("4", "$claimant", startMs + 10_002), { state: "claimed", sinceMs: startMs + 10_002 });
    assert.deepEqual(await again("5", "ann", startMs + 10_003), { state: "claimed", sinceMs: startMs + 10_003 });
  });

  check("an attempt that broke off keeps nobody waiting, and goes on where it began", async ({ invitations }) => {
    await invitations.claim(claim);
    await invitations.lapse("invitation", "another");
    const again = { ...claim, claimId: "second", nowMs: startMs + 1 };
    assert.equal((await invitations.claim(again)).state, "busy");
    await invitations.lapse("invitation", "first");
    assert.deepEqual(await invitations.claim(again), { state: "claimed", sinceMs: startMs });
    await invitations.complete("invitation", "second");
    await invitations.lapse("invitation", "second");
    assert.deepEqual(await invitations.claim({ ...again, claimId: "third" }), { state: "used" });
  });

  check("an invitation that was given back is as before, and one that was redeemed stays so", async (store) => {
    const { invitations } = store;
    await invitations.claim(claim);
    await invitations.release("invitation", "first");
    const second = { ...claim, claimId: "second", nowMs: startMs + 1 };
    assert.deepEqual(await invitations.claim(second), { state: "claimed", sinceMs: startMs + 1 });
    assert.equal(await invitations.complete("invitation", "second"), true);
    await invitations.release("invitation", "second");
    assert.deepEqual(await invitations.claim({ ...claim, claimId: "third" }), { state: "used" });
    assert.equal(await invitations.complete("unknown", "second"), false);
  });
}
