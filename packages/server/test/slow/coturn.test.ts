import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { describe, test } from "node:test";
import type { IceServer } from "@echoo/protocol";
import {
  type Coturn,
  CurrentPeer,
  requireService,
  type ServerProcess,
  spawnServer,
  startCoturn,
  TurnClient,
  type TurnLogin,
} from "@echoo/testkit";
import { createTurn } from "../../src/turn/turn-credentials.ts";

const secret = "the-secret-that-both-know-0001";
const older = "the-secret-of-before-0000";
const unauthorized = 401;

/** The relay's credentials in a list as browsers take it. */
function relayOf(iceServers: readonly IceServer[]): TurnLogin {
  const relay = iceServers.find(({ username }) => username !== undefined);
  assert.ok(relay?.username && relay.credential, JSON.stringify(iceServers));
  return { username: relay.username, credential: relay.credential };
}

async function loginByRest(server: ServerProcess): Promise<TurnLogin> {
  const response = await fetch(`${server.url}/api/turn`);
  return relayOf(((await response.json()) as { iceServers: IceServer[] }).iceServers);
}

/** What an Echoo of another time or secret would hand out. */
function loginMadeWith(otherSecret: string, agoMs = 0): TurnLogin {
  const clock = { now: () => Date.now() - agoMs, steady: () => 0, after: () => () => {} };
  const turn = createTurn({ urls: ["turn:x"], secrets: [otherSecret], ttlSec: 3600, userKey: "key", clock });
  return relayOf(turn.iceServers("5550001"));
}

/** What coturn says to an allocation with these credentials; 0 is a success. */
async function allocationWith(coturn: Coturn, login: TurnLogin): Promise<number> {
  const client = await TurnClient.open(coturn, login);
  const { code } = await client.allocate();
  if (code === 0) assert.equal(await client.refresh(0), 0);
  client.close();
  return code;
}

describe("coturn as deploy/coturn sets it up", { skip: requireService("coturn") }, () => {
  test("relays bytes for the credentials of REST and of the socket, and counts them", async (t) => {
    const coturn = await startCoturn({ secrets: [secret], test: t });
    const env = { TURN_URLS: `stun:127.0.0.1:${coturn.port},${coturn.url}`, ECHOO_TURN_SECRET: `${secret},${older}` };
    const server = await spawnServer({ env, test: t });
    const ann = await CurrentPeer.connect(server.wsUrl, { userId: "5550001" });
    ann.send({ type: "getTurnCredentials" });
    const { username, password } = await ann.next("turnCredentials");
    const logins = [relayOf(ann.joined.iceServers), { username, credential: password }, await loginByRest(server)];
    const echo = await echoingPeer();
    t.after(() => echo.close());
    for (const login of logins) {
      const client = await TurnClient.open(coturn, login);
      const { code, relayed } = await client.allocate();
      assert.deepEqual([code, relayed.address], [0, "127.0.0.1"]);
      assert.equal(await client.permit("127.0.0.1"), 0);
      client.send(echo.endpoint, Buffer.alloc(1_000, 7));
      assert.deepEqual(await client.receive(), { from: echo.endpoint, data: Buffer.alloc(1_000, 7) });
      assert.equal(await client.refresh(0), 0);
      client.close();
      const counted = () => coturn.usage().filter((one) => one.username === login.username && one.sentBytes > 1_000);
      await coturn.until(() => counted().length > 0, "how much it relayed");
    }
    ann.terminate();
  });

  test("refuses credentials that are expired, changed, of another secret or missing", async (t) => {
    const coturn = await startCoturn({ secrets: [secret], test: t });
    const good = loginMadeWith(secret);
    const [expiry = "", user] = good.username.split(":");
    assert.equal(await allocationWith(coturn, good), 0);
    for (const [what, login] of [
      ["expired", loginMadeWith(secret, 3_601_000)],
      ["prolonged", { ...good, username: `${Number(expiry) + 3600}:${user}` }],
      ["of another user", { ...good, username: `${expiry}:somebody-else` }],
      ["with another password", { ...good, credential: `${good.credential.slice(0, -3)}AA=` }],
      ["of another secret", loginMadeWith("some-other-secret-of-16")],
      ["empty", { username: "", credential: "" }],
    ] as const) {
      assert.equal(await allocationWith(coturn, login), unauthorized, what);
    }
  });

  test("accepts both secrets while they are changed, and the old one no longer after it", async (t) => {
    const coturn = await startCoturn({ secrets: [older], test: t });
    const [before, after] = [loginMadeWith(older), loginMadeWith(secret)];
    assert.deepEqual([await allocationWith(coturn, before), await allocationWith(coturn, after)], [0, unauthorized]);
    await coturn.restart([secret, older]);
    assert.deepEqual([await allocationWith(coturn, before), await allocationWith(coturn, after)], [0, 0]);
    await coturn.restart([secret]);
    assert.deepEqual([await allocationWith(coturn, before), await allocationWith(coturn, after)], [unauthorized, 0]);
  });

  test("gives one user so many allocations and no more, whatever the expiry in the name", async (t) => {
    const coturn = await startCoturn({ secrets: [secret], test: t });
    const clients: TurnClient[] = [];
    t.after(() => {
      for (const client of clients) client.close();
    });
    const codes: number[] = [];
    for (let i = 0; i < 13; i += 1) {
      const client = await TurnClient.open(coturn, loginMadeWith(secret, 1000 * i));
      clients.push(client);
      codes.push((await client.allocate()).code);
    }
    assert.deepEqual(codes, [...Array(12).fill(0), 486]);
  });
});

async function echoingPeer() {
  const socket = createSocket("udp4");
  socket.on("message", (data, from) => socket.send(data, from.port, from.address));
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  return {
    endpoint: { address: "127.0.0.1", port: (socket.address() as AddressInfo).port },
    close: () => socket.close(),
  };
}
