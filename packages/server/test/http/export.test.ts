import assert from "node:assert/strict";
import { test } from "node:test";
import type { StoredCall } from "@echoo/core";
import { endedCall } from "@echoo/testkit";
import type { TableEntries, TableName } from "../../src/tables/store-tables.ts";
import { ask, type RestServer, signUp, startRest } from "./rest-server.ts";

const ann = "5550001";
const bob = "5550002";

/** Where an export has a field: a path in it, or, in words, why it has not. */
type Places<T> = { readonly [F in keyof T]-?: string };
interface NotExported {
  readonly because: string;
}

/**
 * Every field of every table. A new table, or a new field, does not compile until somebody has decided whether its
 * user gets it.
 */
const places: { readonly [N in TableName]: Places<TableEntries[N]> | NotExported } = {
  users: {
    id: "user.phone",
    displayName: "user.displayName",
    presence: "user.presence",
    doNotDisturb: "user.doNotDisturb",
    proof: "user.proven",
    admin: "user.admin",
    createdAtMs: "user.createdAt",
    lastSeenAtMs: "user.lastSeenAt",
  },
  erasures: { because: "whoever is in it has no account any more" },
  contacts: { owner: "user.phone", list: "contacts.0.createdAt" },
  blocks: { owner: "user.phone", list: "blocks.0.createdAt" },
  tokens: {
    id: "sessions.0.id",
    userId: "user.phone",
    hash: "- of a secret that its owner has",
    device: "sessions.0.device",
    createdAtMs: "sessions.0.createdAt",
    lastUsedAtMs: "sessions.0.lastUsedAt",
    expiresAtMs: "sessions.0.expiresAt",
  },
  codes: { because: "a code lives five minutes, and only its HMAC is stored" },
  invitations: { because: "it names nobody: the claimant is an HMAC, and it goes after a day" },
  calls: { call: "calls.0.callId", views: "calls.0.hidden" },
  statistics: {
    callId: "statistics.0.callId",
    reporter: "statistics.0.phone",
    summary: "statistics.0.summary",
    reported: "statistics.0.reported",
    reportedAtMs: "- when the client said so",
    updatedAtMs: "- when the server last reckoned",
  },
  samples: {
    callId: "statistics.0.callId",
    reporter: "statistics.0.phone",
    batch: "- how the client packed them",
    receivedAtMs: "- each sample has its own time",
    samples: "statistics.0.samples.0.rttMs",
  },
};

const callPlaces: Places<StoredCall> = {
  callId: "callId",
  caller: "caller",
  callee: "callee",
  isVideo: "isVideo",
  createdAtMs: "startTime",
  ringingAtMs: "ringingAt",
  answeredAtMs: "answeredAt",
  connectedAtMs: "connectedAt",
  endedAtMs: "endTime",
  endReason: "endReason",
  endedBy: "endedBy",
  callerDevice: "device",
  calleeDevice: "- the other party's",
  glare: "glare",
  reconnects: "reconnects",
  durationSec: "duration",
  callerOnly: "- it would tell a caller that they are blocked",
  reportedBy: "reportedBy",
  sharedReport: "- follows from reportedBy",
};

/** Something of Ann's in every table that has anything of anybody. */
async function fill({ store, clock }: RestServer, token: string): Promise<void> {
  const at = { createdAtMs: clock.now() };
  await store.users.update(ann, { lastSeenAtMs: clock.now(), proof: "code" });
  await store.contacts.put(ann, { contact: bob, name: "Bobby", ...at }, 9);
  await store.blocks.put(ann, { blocked: "5550003", ...at }, 9);
  const times = { ringingAtMs: clock.now(), answeredAtMs: clock.now(), connectedAtMs: clock.now() };
  const devices = { callerDevice: "Ann's phone", calleeDevice: "Bob's phone", endedBy: bob };
  await store.calls.record([endedCall("c1", { caller: ann, callee: bob, ...times, ...devices, ...at })]);
  await store.calls.hide(ann, "c1");
  const said = { callId: "c1", reporter: ann, receivedAtMs: clock.now() };
  await store.statistics.addSamples([{ ...said, batch: "b", samples: [{ t: clock.now(), rttMs: 40 }] }]);
  await store.statistics.putReported([{ ...said, body: JSON.stringify({ callId: "c1", duration: 3 }) }]);
  await store.statistics.putSummary("c1", ann, { samples: 1, mosModel: "g107-1", coveredMs: 2000 }, clock.now());
  const tries = { sentAtMs: 1, expiresAtMs: clock.now() + 1000, triesLeft: 3, othersTriesLeft: 2 };
  await store.codes.put({ userId: ann, asker: "a", challenge: "c", hash: "h", ...tries }, 9);
  assert.ok(token);
}

function at(body: unknown, path: string): unknown {
  return path.split(".").reduce((value, part) => (value as Record<string, unknown> | undefined)?.[part], body);
}

test("an export has every field of every table that is about its user, or the table says why not", async (t) => {
  const server = await startRest(t);
  const { body: signedIn } = await ask(server, "POST /api/auth/register", {
    body: { phone: ann, displayName: "Ann", device: "Ann's phone" },
  });
  await signUp(server, bob);
  await fill(server, signedIn.token);
  const { body } = await ask(server, `GET /api/users/${ann}/export`, { token: signedIn.token });
  const { tables } = server.store.tables({ nowMs: server.clock.now() });
  assert.deepEqual(Object.keys(places).sort(), Object.keys(tables).sort());
  for (const [name, table] of Object.entries(tables)) {
    const place: object = places[name as TableName];
    if ("because" in place) continue;
    const { entries } = await table.read(undefined, 1);
    const unknown = Object.keys(entries[0] ?? {}).filter((field) => !(field in place));
    assert.deepEqual(unknown, [], `${name} has fields that nobody has decided about`);
    for (const [field, where] of Object.entries(place) as [string, string][]) {
      if (!where.startsWith("- ")) assert.notEqual(at(body, where), undefined, `${name}.${field} is not at ${where}`);
    }
  }
  const [call] = body.calls;
  for (const [field, where] of Object.entries(callPlaces)) {
    const isTold = !where.startsWith("- ") && field !== "reportedBy";
    if (isTold) assert.notEqual(call[where], undefined, `calls.${field} is not at ${where}`);
  }
  assert.deepEqual([call.hidden, call.device, call.endedBy], [true, "Ann's phone", bob]);
  assert.ok(!JSON.stringify(body).includes("Bob's phone"));
});

test("an export tells who reported a call, and nothing that tells a caller that they are blocked", async (t) => {
  const server = await startRest(t);
  const token = await signUp(server, ann);
  const { clock, store } = server;
  await store.calls.report(endedCall("told", { caller: ann, callee: bob, createdAtMs: clock.now() }), ann, false);
  await store.calls.record([endedCall("shadow", { caller: ann, callee: bob, callerOnly: true, createdAtMs: 1 })]);
  const { calls } = (await ask(server, `GET /api/users/${ann}/export`, { token })).body;
  assert.deepEqual([calls[0].reportedBy, calls[1].reportedBy], [[ann], undefined]);
  assert.ok(!JSON.stringify(calls).includes("callerOnly"));
});
