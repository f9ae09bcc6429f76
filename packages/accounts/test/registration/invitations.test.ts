import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { StoreUnavailable } from "@echoo/core";
import { Refusal } from "@echoo/protocol";
import { FakeClock, randomSecret } from "@echoo/testkit";
import { createInvitations, type InvitedWork } from "../../src/registration/invitations.ts";
import { temporaryStore } from "../temporary-store.ts";

const ann = "5550001";
const minuteMs = 60_000;

function setUp(t: TestContext) {
  const clock = new FakeClock();
  const store = temporaryStore(t);
  const deps = { store: store.invitations, users: store.users, clock, secret: "s".repeat(32), randomSecret };
  return { clock, store, deps, invitations: createInvitations(deps) };
}

async function refusal(work: Promise<unknown>): Promise<string> {
  const thrown = await work.then(
    () => assert.fail("it was not refused"),
    (error: unknown) => error,
  );
  return thrown instanceof Refusal ? thrown.code : String(thrown);
}

function doing(run: () => void = () => {}): InvitedWork<string> & { undone: number } {
  const work = {
    undone: 0,
    run: async () => {
      run();
      return "done";
    },
    undo: async () => {
      work.undone += 1;
    },
  };
  return work;
}

test("an invitation is good for 15 minutes, and says what it is for", async (t) => {
  const { clock, invitations } = setUp(t);
  const { token, invitation } = invitations.make({ phone: ann, displayName: "Ann", admin: true });
  assert.deepEqual(await invitations.read(token), invitation);
  assert.deepEqual([invitation.phone, invitation.displayName, invitation.admin], [ann, "Ann", true]);
  clock.advance(15 * minuteMs - 1);
  await invitations.read(token);
  clock.advance(1);
  assert.equal(await refusal(invitations.read(token)), "invite_expired");
  assert.equal(await refusal(invitations.redeem(token, ann, doing())), "invite_expired");
  assert.equal(await refusal(invitations.read("x")), "invite_invalid");
});

test("it works once: of many at once one succeeds, and the others are told that it was used", async (t) => {
  const { invitations } = setUp(t);
  const { token } = invitations.make({});
  const all = Array.from({ length: 10 }, (_, i) => invitations.redeem(token, `555000${i}`, doing()));
  const done = await Promise.allSettled(all);
  assert.equal(done.filter(({ status }) => status === "fulfilled").length, 1);
  for (const one of done) if (one.status === "rejected") assert.equal(one.reason.code, "invite_used");
  assert.equal(await refusal(invitations.read(token)), "invite_used");
});

test("one that names a number is for no other, and is not used up by it", async (t) => {
  const { invitations } = setUp(t);
  const { token } = invitations.make({ phone: ann });
  assert.equal(await refusal(invitations.redeem(token, "5550002", doing())), "invite_invalid");
  assert.equal(await invitations.redeem(token, ann, doing()), "done");
});

test("where registering fails, it can be used again at once, also by somebody who waited", async (t) => {
  const { invitations } = setUp(t);
  const { token } = invitations.make({});
  const failing = doing(() => {
    throw new StoreUnavailable(new Error("away"));
  });
  const first = assert.rejects(invitations.redeem(token, ann, failing), StoreUnavailable);
  assert.equal(await invitations.redeem(token, "5550002", doing()), "done");
  await first;
});

test("where the store goes away before the end, what was done is undone and the invitation is usable", async (t) => {
  const { store, invitations } = setUp(t);
  const { token } = invitations.make({});
  const { complete } = store.invitations;
  store.invitations.complete = () => Promise.reject(new StoreUnavailable(new Error("away")));
  const work = doing();
  await assert.rejects(invitations.redeem(token, ann, work), StoreUnavailable);
  assert.equal(work.undone, 1);
  store.invitations.complete = complete;
  assert.equal(await invitations.redeem(token, ann, doing()), "done");
});

test("a process that dies while somebody registers leaves the invitation usable ten seconds later", async (t) => {
  const { clock, deps, invitations } = setUp(t);
  const { token } = invitations.make({});
  const begun = clock.now();
  const dying = new Promise<void>((started) => {
    void invitations.redeem(token, ann, { run: () => new Promise(() => started()), undo: async () => {} });
  });
  await dying;
  const restarted = createInvitations(deps);
  clock.advance(9_999);
  assert.equal(await refusal(restarted.redeem(token, ann, doing())), "unavailable");
  clock.advance(1);
  let begunAtMs: number | undefined;
  const run = async (_: unknown, at: number) => {
    begunAtMs = at;
  };
  await restarted.redeem(token, ann, { run, undo: async () => {} });
  assert.equal(begunAtMs, begun, "the same number goes on where it broke off");
  assert.equal(await refusal(restarted.redeem(token, ann, doing())), "invite_used");
});

test("a registration that is so slow that another client got the invitation is undone", async (t) => {
  const { clock, deps, invitations } = setUp(t);
  const { token } = invitations.make({});
  let undone = 0;
  let goOn = () => {};
  let late: Promise<string> = Promise.resolve("");
  await new Promise<void>((started) => {
    const run = () =>
      new Promise<string>((resolve) => {
        goOn = () => resolve("late");
        started();
      });
    const undo = async () => {
      undone += 1;
    };
    late = invitations.redeem(token, ann, { run, undo });
  });
  clock.advance(10_000);
  assert.equal(await createInvitations(deps).redeem(token, "5550002", doing()), "done");
  goOn();
  assert.equal(await refusal(late), "invite_used");
  assert.equal(undone, 1);
});

test("the first administrator's invitation ends once there is an administrator", async (t) => {
  const { clock, store, invitations } = setUp(t);
  const { token } = invitations.make({ admin: true, first: true });
  assert.equal((await invitations.read(token)).first, true);
  await store.users.ensure(ann, { admin: true }, clock.now());
  assert.equal(await refusal(invitations.read(token)), "invite_used");
});

test("of two first invitations that are used at once on two servers one makes an administrator", async (t) => {
  const { deps } = setUp(t);
  const [one, other] = [createInvitations(deps), createInvitations(deps)];
  const used: string[] = [];
  const work = (name: string) => ({
    async run() {
      // As a registration does it: looked at, and only then made.
      if (used.length > 0) throw new Refusal("invite_used");
      await new Promise<void>((resolve) => void setImmediate(resolve));
      used.push(name);
    },
    undo: async () => {},
  });
  const redeem = (invitations: typeof one, name: string) =>
    invitations.redeem(invitations.make({ admin: true, first: true }).token, name, work(name));
  const done = await Promise.allSettled([redeem(one, "5550001"), redeem(other, "5550002")]);
  assert.deepEqual(done.map(({ status }) => status).toSorted(), ["fulfilled", "rejected"]);
  assert.equal(used.length, 1);
  const lost = done.find(({ status }) => status === "rejected") as PromiseRejectedResult;
  assert.ok(["unavailable", "invite_used"].includes((lost.reason as Refusal).code));
});
