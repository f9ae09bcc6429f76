import assert from "node:assert/strict";
import { test } from "node:test";
import { type HistoryQuery, type StoredCall, StoreUnavailable } from "@echoo/core";
import type { TableEntries, TableName } from "@echoo/storage";
import { endedCall, pushDevice } from "@echoo/testkit";
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
    suspended: "- a suspended account is given nothing, and any other is not suspended",
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
  pushDevices: {
    userId: "user.phone",
    deviceId: "devices.0.deviceId",
    platform: "devices.0.platform",
    name: "devices.0.name",
    locale: "devices.0.locale",
    address: "devices.0.address",
    addressKey: "- a hash of the address",
    tokenId: "- the token is in the list, with what it signed in",
    tokenKind: "- the server's own or the host product's: which one they signed in with its user knows",
    createdAtMs: "devices.0.createdAt",
    registeredAtMs: "devices.0.registeredAt",
    dueAtMs: "- when the server looks at it again",
  },
  keys: { because: "they are the system's own" },
  withdrawals: { because: "it names nobody: tokens and users are HMACs, and it goes when the tokens would have ended" },
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
  reports: {
    callId: "statistics.0.callId",
    reporter: "statistics.0.phone",
    receivedAtMs: "- each event has its own time",
    shiftMs: "statistics.0.report.shiftMs",
    events: "statistics.0.report.events.0.kind",
  },
  qualityHours: { because: "they are counts of many calls, and name nobody" },
  qualityMarks: { because: "they are hours that wait to be counted" },
  webhooks: { because: "they are the operator's" },
  webhookSubjects: {
    because: "it says again what the account and its calls say, those of blocked callers among them, for a week",
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
  server: "client",
  verdict: "verdictDetails",
};

/** Something of Ann's in every table that has anything of anybody. */
async function fill({ store, clock }: RestServer, token: string): Promise<void> {
  const at = { createdAtMs: clock.now() };
  await store.users.update(ann, { lastSeenAtMs: clock.now(), proof: "code" });
  await store.contacts.put(ann, { contact: bob, name: "Bobby", ...at }, 9);
  await store.blocks.put(ann, { blocked: "5550003", ...at }, 9);
  const times = { ringingAtMs: clock.now(), answeredAtMs: clock.now(), connectedAtMs: clock.now() };
  const devices = { callerDevice: "Ann's phone", calleeDevice: "Bob's phone", endedBy: bob };
  const server = { turn: true, callerClient: { name: "Phone", version: "1" } };
  await store.calls.record([endedCall("c1", { caller: ann, callee: bob, ...times, ...devices, ...at, server })]);
  const verdict = { code: "good", confidence: "sure", evidence: [] } as const;
  await store.calls.putVerdicts([{ callId: "c1", verdict: { rules: 1, inputs: 1, operator: verdict } }]);
  await store.calls.hide(ann, "c1");
  const said = { callId: "c1", reporter: ann, receivedAtMs: clock.now() };
  await store.statistics.addSamples([{ ...said, batch: "b", samples: [{ t: clock.now(), rttMs: 40 }] }]);
  await store.reports.add([{ ...said, sentAtMs: 1, events: [{ n: 0, t: 1, kind: "restart" }] }]);
  await store.statistics.putReported([{ ...said, body: JSON.stringify({ callId: "c1", duration: 3 }) }]);
  await store.statistics.putSummary("c1", ann, { samples: 1, mosModel: "g107-1", coveredMs: 2000 }, clock.now());
  const tries = { sentAtMs: 1, expiresAtMs: clock.now() + 1000, triesLeft: 3, othersTriesLeft: 2 };
  await store.codes.put({ userId: ann, asker: "a", challenge: "c", hash: "h", ...tries }, 9);
  assert.ok(token);
  const [{ id: tokenId = "" } = {}] = await store.tokens.list(ann, clock.now());
  const device = pushDevice("d", { userId: ann, tokenId, name: "Ann's phone", locale: "de", ...at });
  await store.pushDevices.put({ ...device, registeredAtMs: clock.now() }, 9);
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
  assert.deepEqual([call.hidden, call.device, call.endedBy], [true, "Ann's phone", "peer"]);
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

/** Calls of Ann, newest last, the first few of them hidden. */
async function longHistory({ store, clock }: RestServer, calls: number, hidden: number): Promise<void> {
  const at = (n: number) => clock.now() - 1_000_000 + n;
  await store.calls.record(
    Array.from({ length: calls }, (_, n) => endedCall(`c${n}`, { caller: ann, callee: bob, createdAtMs: at(n) })),
  );
  for (let n = 0; n < hidden; n += 1) await store.calls.hide(ann, `c${n}`);
}

test("a long history is exported whole, in the contract's shape, with all samples in order of time", async (t) => {
  const server = await startRest(t);
  const token = await signUp(server, ann);
  await longHistory(server, 130, 30);
  const { store, clock } = server;
  const samples = Array.from({ length: 60 }, (_, i) => ({ t: clock.now() + i * 2000, rttMs: i }));
  for (const [n, batch] of ["b", "a", "c"].entries()) {
    const shifted = samples.map((sample) => ({ ...sample, t: sample.t + n * 500_000 }));
    await store.statistics.addSamples([
      { callId: "c99", reporter: ann, batch, receivedAtMs: clock.now() - n, samples: shifted },
      { callId: "c2", reporter: ann, batch, receivedAtMs: clock.now(), samples: shifted },
      { callId: "c2", reporter: bob, batch, receivedAtMs: clock.now(), samples: shifted },
    ]);
  }
  const { status, body } = await ask(server, `GET /api/users/${ann}/export`, { token });
  assert.equal(status, 200);
  const expected = [...Array.from({ length: 100 }, (_, n) => 129 - n), ...Array.from({ length: 30 }, (_, n) => 29 - n)];
  const exported = body.calls as { callId: string; hidden: boolean }[];
  assert.deepEqual(
    exported.map(({ callId, hidden }) => [callId, hidden]),
    expected.map((n) => [`c${n}`, n < 30]),
  );
  const measured = body.statistics as { callId: string; phone: string; samples: { t: number }[] }[];
  assert.deepEqual(
    measured.map(({ callId, phone, samples: all }) => [callId, phone, all.length]),
    [
      ["c99", ann, 180],
      ["c2", ann, 180],
    ],
  );
  for (const { samples: all } of measured)
    assert.deepEqual(
      all,
      all.toSorted((a, b) => a.t - b.t),
    );
  assert.deepEqual(server.audited.filter(({ event }) => event === "account_exported").length, 1);
});

test("an export that fails in the middle cuts the connection, so that it is not taken for the whole", async (t) => {
  const server = await startRest(t);
  const token = await signUp(server, ann);
  await longHistory(server, 400, 0);
  const { calls } = server.store;
  const page = calls.page.bind(calls);
  let pages = 0;
  t.mock.method(calls, "page", async (query: HistoryQuery) => {
    pages += 1;
    if (pages > 12) throw new StoreUnavailable(new Error("the disk went away"));
    return page(query);
  });
  const headers = { authorization: `Bearer ${token}` };
  const response = await fetch(`${server.url}/api/users/${ann}/export`, { headers });
  assert.equal(response.status, 200);
  await assert.rejects(response.text());
  pages = 12;
  // What fails before anything was written is told like any other fault.
  const refused = await ask(server, `GET /api/users/${ann}/export`, { token });
  assert.deepEqual([refused.status, refused.body.code], [503, "unavailable"]);
});

test("an export whose client went away reads no further, and holds up nothing of the same user", async (t) => {
  const server = await startRest(t);
  const token = await signUp(server, ann);
  await longHistory(server, 25, 0);
  const { calls } = server.store;
  const page = calls.page.bind(calls);
  let pages = 0;
  // A history without end.
  t.mock.method(calls, "page", async (query: HistoryQuery) => {
    pages += 1;
    return { ...(await page({ viewer: query.viewer, limit: query.limit })), nextCursor: "more" };
  });
  const headers = { authorization: `Bearer ${token}` };
  const leave = new AbortController();
  const response = await fetch(`${server.url}/api/users/${ann}/export`, { headers, signal: leave.signal });
  assert.equal(response.status, 200);
  leave.abort();
  // Of one user one such read runs at a time: this one waits until the other has noticed.
  assert.equal((await ask(server, `GET /api/stats/${ann}`, { token })).status, 200);
  const readBy = pages;
  for (let turns = 0; turns < 200; turns += 1) await new Promise(setImmediate);
  assert.equal(pages, readBy);
});
