import type { Store } from "@echoo/core";
import { endedCall, missedCall, pushDevice, startMs } from "@echoo/testkit";

/** Strings that mean something to one database or another, and those that none keeps as they are. */
const hostile = [
  '{"$ne":null}',
  "$where",
  "a.b.c",
  "$set.admin",
  "__proto__",
  "constructor",
  "' OR '1'='1",
  "%_?:;%3A",
  "\\\n\r\t\u001b",
  "\u202egnp.exe",
  "0",
  "A\u030a",
  "🙂",
  "nul\0, lone \ud800 and \udc00",
  "x".repeat(10_000),
];

/** Numbers at the edges of what both databases and JSON hold. */
const numbers = [0, 2 ** 31 - 1, 2 ** 31, 2 ** 53 - 1, -1, 0.1, 1e21, 5e-324];

const farMs = startMs + 4_000_000_000_000;

/** A name for each user, of one length, so that their order is the one of their numbers. */
export function number(i: number): string {
  return `+49${String(i).padStart(9, "0")}`;
}

/** Some of everything that the product stores, most of it hostile. */
export async function fillWithEverything(store: Store): Promise<void> {
  for (const [i, id] of hostile.entries()) {
    const full = { displayName: id, presence: "contacts", doNotDisturb: true, proof: "code", admin: true } as const;
    await store.users.ensure(id, i % 2 === 0 ? {} : { ...full, lastSeenAtMs: startMs + i }, startMs + i);
    const times = { createdAtMs: startMs, lastUsedAtMs: startMs + i, expiresAtMs: farMs + i };
    const device = i % 2 === 0 ? {} : { device: id };
    await store.tokens.insert({ id: `token ${id}`, userId: id, hash: `hash ${id}`, ...device, ...times });
    const code = { userId: id, challenge: id, hash: id, sentAtMs: startMs, expiresAtMs: farMs };
    for (const asker of ["home", "elsewhere"].slice(0, 1 + (i % 2))) {
      await store.codes.put({ ...code, asker, triesLeft: i, othersTriesLeft: 2 }, 9);
    }
    const claim = { invitationId: id, claimId: id, claimant: id, nowMs: startMs, untilMs: startMs + 5 };
    await store.invitations.claim({ ...claim, expiresAtMs: farMs });
    if (i % 2 === 0) await store.invitations.complete(id, id);
    const withdrawal = { key: id, owner: id, atMs: startMs + i, expiresAtMs: farMs };
    await store.withdrawals.put(withdrawal, { maxOfOwner: 9, maxInAll: 99 }, startMs);
    const tokenKind = i % 2 === 0 ? "own" : "host";
    const named = i % 2 === 0 ? {} : { name: id, locale: "de" };
    const dueAtMs = farMs;
    const place = { address: id, addressKey: id, tokenId: `token ${id}`, tokenKind, ...named, dueAtMs } as const;
    await store.pushDevices.put(pushDevice(id, { userId: id, ...place }), 9);
    await store.keys.findOrKeep(id, id, startMs);
    for (const other of hostile.slice(0, i)) {
      await store.contacts.put(id, { contact: other, name: id, createdAtMs: startMs + i }, 100);
      await store.blocks.put(id, { blocked: other, createdAtMs: startMs + i }, 100);
    }
  }
  // A list that was emptied leaves a document in one store and nothing in the other.
  await store.contacts.put("emptied", { contact: "+1", name: "", createdAtMs: startMs }, 9);
  await store.contacts.remove("emptied", "+1");
  await fillCalls(store);
  await fillStatistics(store);
  await fillVerdicts(store);
  await fillWebhooks(store);
}

async function fillWebhooks({ webhooks }: Store): Promise<void> {
  await webhooks.put({ id: "hook", url: "https://a.example/?b", secrets: ["new", "old"], createdAtMs: startMs }, 9);
  for (const [i, id] of hostile.entries()) {
    const data = JSON.stringify({ caller: { phone: id }, callee: { phone: "+491" } });
    const fact = { kind: "call", of: id, id: `evt_${i}`, atMs: startMs + i, parties: [id, "+491"], data } as const;
    await webhooks.announce([
      { ...fact, type: "call.started" },
      { ...fact, type: "call.ended", id: `evt_${i}e` },
    ]);
  }
  const [first, second] = await webhooks.due("hook", farMs, 2);
  const which = { webhook: "hook", sequence: 1 };
  await webhooks.settle(first?.uid ?? "", which, { outcome: "delivered" }, startMs);
  const failed = { outcome: "failed", why: hostile.join(" "), againAtMs: farMs } as const;
  await webhooks.settle(second?.uid ?? "", which, failed, startMs);
}

async function fillCalls({ calls, users }: Store): Promise<void> {
  const [ann, bob] = ["+491", "+492"];
  await calls.record(hostile.map((id, i) => endedCall(id, { caller: id, createdAtMs: startMs + i, endedBy: id })));
  await calls.record([
    missedCall("missed", { createdAtMs: startMs + 100 }),
    missedCall("seen", { createdAtMs: startMs + 50 }),
    missedCall("hidden by one", { createdAtMs: startMs + 101 }),
    missedCall("hidden by both", { createdAtMs: startMs + 102 }),
    missedCall("shadow", { callerOnly: true }),
    missedCall("to oneself", { callee: ann }),
    endedCall("far", { createdAtMs: 2 ** 53 - 1, endedAtMs: 2 ** 53 - 1, durationSec: 2 ** 40 }),
    endedCall("erased", { callee: "+499", endedBy: "+499" }),
  ]);
  await calls.report(missedCall("told by one", { createdAtMs: startMs + 200 }), ann, false);
  await calls.report(missedCall("told by both"), ann, false);
  await calls.report(missedCall("told by both"), bob, false);
  await calls.report(endedCall("told to both"), bob, true);
  await calls.report(endedCall("told by the erased", { callee: "+499" }), "+499", false);
  await calls.hide(bob, "hidden by one");
  await calls.hide(ann, "hidden by both");
  await calls.hide(bob, "hidden by both");
  await calls.markSeen(bob, startMs + 60);
  await users.erase("+499", "deleted:abc");
}

async function fillStatistics({ statistics }: Store): Promise<void> {
  const summary = { mosModel: "g107-1", samples: 2, coveredMs: 4000, dataUsedBytes: 2 ** 53 - 1 } as const;
  // What no client can send, for the store must not mind: names with dots and dollars, and one that is no property.
  const odd = JSON.parse('{"__proto__":{"admin":true},"$set":{"a.b":1},"":-0,"z":null,"a":[[]]}');
  for (const [i, id] of hostile.entries()) {
    const figure = numbers[i % numbers.length] ?? 0;
    await statistics.putSummary(
      id,
      id,
      { ...summary, coveredMs: figure, ...(i === 0 ? { mos: odd } : {}) },
      startMs + i,
    );
    const body = `{"text":${JSON.stringify(id)},"big":12345678901234567890,"__proto__":{"x":1}}`;
    await statistics.putReported([{ callId: id, reporter: "+492", receivedAtMs: startMs + i, body }]);
    const samples = [{ t: startMs + i, rttMs: figure, codec: id }, odd];
    await statistics.addSamples([
      { callId: id, reporter: id, batch: id, receivedAtMs: startMs + i, samples },
      { callId: id, reporter: id, batch: "", receivedAtMs: startMs, samples: [] },
    ]);
  }
}

/** What was told of calls, what became of them, and what their hours come to. */
async function fillVerdicts({ calls, reports, qualityHours }: Store): Promise<void> {
  const callerClient = { name: hostile[0] ?? "", version: hostile[1] ?? "", platform: "web" };
  await calls.record([{ ...endedCall("judged"), server: { turn: false, sameNetwork: true, callerClient } }]);
  const evidence = [{ source: "event", side: "caller", what: hostile[0] ?? "", t: startMs }] as const;
  const operator = { code: "device_lost", side: "caller", confidence: "sure", evidence } as const;
  await calls.putVerdicts([{ callId: "judged", verdict: { rules: 1, inputs: 3, operator } }]);
  const events = [{ n: 0, t: startMs, kind: "ice", state: "failed" }] as const;
  for (const [i, id] of hostile.entries()) {
    await reports.add([{ callId: id, reporter: id, receivedAtMs: startMs + i, sentAtMs: startMs, events }]);
  }
  const hourMs = Math.floor(startMs / 3_600_000) * 3_600_000;
  const group = { sides: 1, answered: 1, levels: [1, 0, 0], verdicts: {}, figures: {} } as const;
  const rows = [{ hourMs, dimension: "client", groups: { [hostile[0] ?? ""]: group } }] as const;
  await qualityHours.put({ hourMs, marks: 0 }, rows, 0);
  await qualityHours.mark([hourMs]);
}

/** A long history, and nothing special in it. */
export async function fillWithCalls(store: Store, count: number): Promise<void> {
  for (let from = 0; from < count; from += 1000) {
    const some = Array.from({ length: Math.min(1000, count - from) }, (_, i) => from + i);
    const parties = (i: number) => ({ caller: number(i % 997), callee: number(1000 + (i % 991)) });
    const id = (i: number) => `call-${String((i * 7919) % count).padStart(9, "0")}`;
    await store.calls.record(some.map((i) => endedCall(id(i), { ...parties(i), createdAtMs: startMs + i })));
    await store.statistics.addSamples(
      some.map((i) => ({
        ...{ callId: id(i), reporter: parties(i).caller, batch: "1", receivedAtMs: startMs + i },
        samples: Array.from({ length: 5 }, (_, k) => ({
          t: startMs + i + k * 2000,
          rttMs: 40.25 + k,
          jitterMs: 3,
          mos: 4.2,
        })),
      })),
    );
  }
}
