import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { CurrentPeer, RawPeer, type ServerProcess, spawnServer } from "@echoo/testkit";
import { offer, somebody } from "../ws/talk.ts";
import { ask, tokenOf } from "./ask.ts";

type Choice = "everyone" | "contacts" | "nobody";
type Viewer = "contact" | "stranger" | "blocked";

/** Who sees an owner of that choice who is here. */
const sees: Readonly<Record<Choice, readonly Viewer[]>> = {
  everyone: ["contact", "stranger"],
  contacts: ["contact"],
  nobody: [],
};

interface Person {
  readonly number: string;
  readonly token: string;
}

/** Each place in which the server tells somebody of another's presence; true where it shows them to be there. */
const channels: Readonly<Record<string, (server: ServerProcess, viewer: Person, owner: string) => Promise<boolean>>> = {
  "what a watcher is told": async (server, { number: userId, token }, owner) => {
    const peer = await CurrentPeer.connect(server.wsUrl, { userId, token });
    peer.send({ type: "watch", users: [owner] });
    const { users } = await peer.next("presence");
    peer.terminate();
    const [entry] = users;
    assert.equal(users.length, 1);
    if (entry?.online !== true) assert.equal(entry?.inCall, undefined);
    return entry?.online === true;
  },
  "the list of users": async (server, { number: userId, token }, owner) => {
    const peer = await CurrentPeer.connect(server.wsUrl, { userId, token });
    peer.send({ type: "getUsers" });
    const { users } = await peer.next("userList");
    peer.terminate();
    return users.includes(owner);
  },
  "the answer to checkUser": async (server, { number: userId, token }, owner) => {
    const peer = await CurrentPeer.connect(server.wsUrl, { userId, token });
    peer.send({ type: "checkUser", userId: owner });
    const { online, registered } = await peer.next("userStatus");
    peer.terminate();
    assert.equal(registered, true);
    return online;
  },
  "the list that an older client gets by itself": async (server, { number }, owner) => {
    const peer = await RawPeer.connect(server.wsUrl);
    await peer.join(number);
    const { users } = await peer.next("userList");
    peer.terminate();
    return users.includes(owner);
  },
  "an older client's checkUser": async (server, { number }, owner) => {
    const peer = await RawPeer.connect(server.wsUrl);
    await peer.join(number);
    peer.send({ type: "checkUser", userId: owner });
    const { online } = await peer.next("userStatus");
    peer.terminate();
    return online;
  },
  "the profile": async (server, { token }, owner) => {
    const { body } = await ask(server, `GET /api/users/${owner}`, { token });
    return body.user.online === true;
  },
  "the viewer's own contacts": async (server, { number, token }, owner) => {
    await ask(server, `PUT /api/users/${number}/contacts/${owner}`, { token });
    const { body } = await ask(server, `GET /api/users/${number}/contacts`, { token });
    return body.contacts.find(({ phone }: { phone: string }) => phone === owner).online === true;
  },
};

describe("presence is shown to whom its owner chose", () => {
  let server: ServerProcess;
  before(async () => {
    server = await spawnServer({ env: { ECHOO_RESUME_MS: "100" } });
  });
  after(() => server.stop());

  async function person(): Promise<Person> {
    const number = somebody();
    return { number, token: await tokenOf(server, number) };
  }

  /** Somebody who is here, with one contact and one whom they blocked. */
  async function owner(choice: Choice) {
    const own = await person();
    const viewers = { contact: await person(), stranger: await person(), blocked: await person() };
    const { number, token } = own;
    await ask(server, `PUT /api/users/${number}/contacts/${viewers.contact.number}`, { token });
    // A contact who is blocked is blocked.
    await ask(server, `PUT /api/users/${number}/contacts/${viewers.blocked.number}`, { token });
    await ask(server, `PUT /api/users/${number}/blocks/${viewers.blocked.number}`, { token });
    assert.equal((await ask(server, `PUT /api/users/${number}`, { token, body: { presence: choice } })).status, 200);
    const peer = await CurrentPeer.connect(server.wsUrl, { userId: number, token });
    return { own, viewers, peer };
  }

  for (const choice of ["everyone", "contacts", "nobody"] as const) {
    test(`${choice}: in every place where the server tells of presence`, async () => {
      const { own, viewers, peer } = await owner(choice);
      for (const [where, shows] of Object.entries(channels)) {
        for (const viewer of ["contact", "stranger", "blocked"] as const) {
          const expected = sees[choice].includes(viewer);
          assert.equal(await shows(server, viewers[viewer], own.number), expected, `${where}, to a ${viewer}`);
        }
      }
      peer.terminate();
    });

    test(`${choice}: of coming and going, and of when they were last here`, async () => {
      const { own, viewers, peer } = await owner(choice);
      const watchers = await Promise.all(
        (["contact", "stranger", "blocked"] as const).map(async (viewer) => {
          const { number: userId, token } = viewers[viewer];
          const watcher = await CurrentPeer.connect(server.wsUrl, { userId, token });
          watcher.send({ type: "watch", users: [own.number] });
          await watcher.next("presence");
          return { viewer, watcher, token };
        }),
      );
      peer.send({ type: "leave" });
      await peer.settle().catch(() => {});
      for (const { viewer, watcher, token } of watchers) {
        const maySee = sees[choice].includes(viewer);
        if (maySee) assert.equal((await watcher.next("presence")).users[0]?.online, false);
        else await watcher.expectNone("presence");
        const { user } = (await ask(server, `GET /api/users/${own.number}`, { token })).body;
        // Whoever is blocked is shown the moment of the block, unless nobody is shown anything.
        const hasTime = maySee || (viewer === "blocked" && choice !== "nobody");
        assert.equal("lastSeenAt" in user, hasTime, `${viewer}: ${JSON.stringify(user)}`);
      }
    });
  }

  test("a choice that changes is seen at once by whoever watches", async () => {
    const { own, viewers } = await owner("everyone");
    const { number: userId, token } = viewers.stranger;
    const watcher = await CurrentPeer.connect(server.wsUrl, { userId, token });
    watcher.send({ type: "watch", users: [own.number] });
    assert.equal((await watcher.next("presence")).users[0]?.online, true);
    const choose = (presence: Choice) =>
      ask(server, `PUT /api/users/${own.number}`, { token: own.token, body: { presence } });
    await choose("nobody");
    assert.deepEqual((await watcher.next("presence")).users, [{ userId: own.number, online: false }]);
    await choose("everyone");
    assert.equal((await watcher.next("presence")).users[0]?.online, true);
    await ask(server, `PUT /api/users/${own.number}/blocks/${userId}`, { token: own.token });
    assert.equal((await watcher.next("presence")).users[0]?.online, false);
    await ask(server, `DELETE /api/users/${own.number}/blocks/${userId}`, { token: own.token });
    assert.equal((await watcher.next("presence")).users[0]?.online, true);
  });

  test("a blocked caller rings no device, while all other callers ring; unblocked, they ring again", async () => {
    const { viewers, peer, own } = await owner("everyone");
    const { number: userId, token } = viewers.blocked;
    const blocked = await CurrentPeer.connect(server.wsUrl, { userId, token });
    blocked.send({ type: "offer", to: own.number, sdp: offer.sdp });
    const { callId } = await blocked.next("calling");
    await peer.expectNone("offer");
    blocked.send({ type: "hangup", callId });
    await ask(server, `DELETE /api/users/${own.number}/blocks/${userId}`, { token: own.token });
    blocked.send({ type: "offer", to: own.number, sdp: offer.sdp });
    assert.equal((await peer.next("offer")).from, userId);
  });

  test("do-not-disturb rings nowhere and tells the caller nothing; presence and chats are as before", async () => {
    const { viewers, peer, own } = await owner("everyone");
    const { token } = own;
    await ask(server, `PUT /api/users/${own.number}`, { token, body: { doNotDisturb: true } });
    const caller = await CurrentPeer.connect(server.wsUrl, {
      userId: viewers.stranger.number,
      token: viewers.stranger.token,
    });
    caller.send({ type: "offer", to: own.number, sdp: offer.sdp });
    const { callId } = await caller.next("calling");
    await peer.expectNone("offer");
    caller.send({ type: "checkUser", userId: own.number });
    assert.equal((await caller.next("userStatus")).online, true);
    caller.send({ type: "hangup", callId });
    await ask(server, `PUT /api/users/${own.number}`, { token, body: { doNotDisturb: false } });
    caller.send({ type: "offer", to: own.number, sdp: offer.sdp });
    assert.equal((await peer.next("offer")).from, viewers.stranger.number);
  });

  test("contacts have one's own name for them, which nobody else sees", async () => {
    const [ann, bob] = [await person(), await person()];
    await ask(server, `PUT /api/users/${bob.number}`, { token: bob.token, body: { displayName: "Bob" } });
    const path = `/api/users/${ann.number}/contacts`;
    await ask(server, `PUT ${path}/${bob.number}`, { token: ann.token, body: { name: "Bobby of the 3rd floor" } });
    const { contacts } = (await ask(server, `GET ${path}`, { token: ann.token })).body;
    assert.deepEqual([contacts[0].phone, contacts[0].name], [bob.number, "Bobby of the 3rd floor"]);
    const seen = await ask(server, `GET /api/users/${bob.number}`, { token: ann.token });
    assert.equal(seen.body.user.displayName, "Bob");
    assert.equal((await ask(server, `GET ${path}`, { token: bob.token })).status, 403);
    const exported = await ask(server, `GET /api/users/${bob.number}/export`, { token: bob.token });
    assert.ok(!JSON.stringify(exported.body).includes("3rd floor"));
  });

  test("200 strangers a day in all, whichever way one asks; a contact is none", async () => {
    const [ann, friend] = [await person(), await person()];
    const { number: userId, token } = ann;
    await ask(server, `PUT /api/users/${userId}/contacts/${friend.number}`, { token });
    const peer = await CurrentPeer.connect(server.wsUrl, { userId, token });
    const stranger = (n: number) => `5558${String(n).padStart(6, "0")}`;
    for (let n = 0; n < 60; n += 1) {
      assert.equal((await ask(server, `GET /api/users/${stranger(n)}`, { token })).status, 404);
      assert.equal(
        (await ask(server, `PUT /api/users/${userId}/contacts/${stranger(100 + n)}`, { token })).status,
        201,
      );
      peer.send({ type: "checkUser", userId: stranger(200 + n) });
      await peer.next("userStatus");
    }
    // The friend was the first of them, before they were a contact.
    peer.send({ type: "watch", users: Array.from({ length: 30 }, (_, n) => stranger(300 + n)) });
    await peer.next("presence");
    for (const [status, n] of [
      [404, 0],
      [429, 999],
    ] as const) {
      assert.equal((await ask(server, `GET /api/users/${stranger(n)}`, { token })).status, status);
    }
    assert.equal((await ask(server, `PUT /api/users/${userId}/contacts/${stranger(998)}`, { token })).status, 429);
    assert.equal((await ask(server, "POST /contacts", { token, body: { phoneNumber: stranger(997) } })).status, 429);
    peer.send({ type: "checkUser", userId: stranger(996), id: "asked" });
    const reply = await peer.raw.reply("asked");
    assert.equal(reply.type === "error" && reply.code, "rate_limited");
    assert.equal((await ask(server, `GET /api/users/${friend.number}`, { token })).status, 200);
  });
});
