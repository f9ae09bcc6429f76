import assert from "node:assert/strict";
import { test } from "node:test";
import { frameBytesOf, limits, parseClientMessage, restContract } from "@echoo/protocol";

const x = (chars: number) => "x".repeat(chars);
const list = <T>(length: number, item: T) => Array.from({ length }, () => item);

/** For each limit: a message, or a body, that is as large as the given number. */
const bounded: Partial<Record<keyof typeof limits, (size: number) => boolean>> = {
  userIdChars: (size) => sends({ type: "checkUser", userId: x(size) }),
  deviceIdChars: (size) => sends({ type: "join", userId: "1111", deviceId: x(size) }),
  sessionIdChars: (size) => sends({ type: "join", userId: "1111", resume: { session: x(size), seq: 0 } }),
  tokenIdChars: (size) => restContract.revokeToken.params.safeParse({ id: x(size) }).success,
  callIdChars: (size) => sends({ type: "ringing", callId: x(size) }),
  messageIdChars: (size) => sends({ type: "leave", id: x(size) }),
  tokenChars: (size) => sends({ type: "authenticate", authToken: x(size) }),
  originChars: (size) => restContract.askAboutSocket.query.safeParse({ origin: x(size) }).success,
  sdpChars: (size) => sends({ type: "offer", to: "1111", sdp: x(size) }),
  candidateChars: (size) => sends({ type: "candidate", candidate: { candidate: x(size) } }),
  labelChars: (size) => sends({ type: "join", client: { name: x(size) } }),
  chatChars: (size) => sends({ type: "chat", to: "1111", message: x(size) }),
  emojiChars: (size) => sends({ type: "emoji", to: "1111", emoji: x(size) }),
  samplesPerBatch: (size) => sends({ type: "stats", callId: "c", samples: list(size, { t: 1 }) }),
  qualityWordChars: (size) => {
    return sends({ type: "callStats", callId: "c", samples: [{ timestamp: 1, networkQuality: x(size) }] });
  },
  uploadedSamples: (size) => restContract.uploadSamples.body.safeParse({ samples: list(size, { t: 1 }) }).success,
  reportEvents: (size) =>
    sends({ type: "report", callId: "c", sentAt: 1, events: list(size, { n: 1, t: 1, kind: "ice" }) }),
  reportKindChars: (size) => sends({ type: "report", callId: "c", sentAt: 1, events: [{ n: 1, t: 1, kind: x(size) }] }),
  watchedUsers: (size) => sends({ type: "watch", users: list(size, "1111") }),
  latestTimeMs: (size) => sends({ type: "stats", callId: "c", samples: [{ t: size }] }),
  sampleFigure: (size) => sends({ type: "stats", callId: "c", samples: [{ t: 1, dataUsedBytes: size }] }),
  sampleCount: (size) => sends({ type: "stats", callId: "c", samples: [{ t: 1, freezes: size }] }),
  displayNameChars: (size) => restContract.updateUser.body.safeParse({ displayName: x(size) }).success,
  inviteChars: (size) => restContract.readInvitation.body.safeParse({ invite: x(size) }).success,
  historyPage: (size) => restContract.listCalls.query.safeParse({ limit: String(size) }).success,
  cursorChars: (size) => restContract.listCalls.query.safeParse({ cursor: x(size) }).success,
  ticketChars: (size) => restContract.getRing.query.safeParse({ ticket: x(size) }).success,
  localeChars: (size) => registers({ platform: "fcm", token: "t", locale: x(size) }),
  pushTokenChars: (size) => registers({ platform: "fcm", token: x(size) }),
  pushEndpointChars: (size) => registers(webDevice(`https://push.example/${x(size - "https://push.example/".length)}`)),
  statsDays: (size) => restContract.getStatistics.query.safeParse({ days: String(size) }).success,
};

/** Kept by the server, not by a schema; its own tests go one past them. */
const heldElsewhere: readonly (keyof typeof limits)[] = [
  "frameBytes",
  "unjoinedFrameBytes",
  "descriptionFrameBytes",
  "statsFrameBytes",
  "watchFrameBytes",
  "callStatsFrameBytes",
  "skippedFrameBytes",
  "codecChars",
  "reportedSamples",
  "firstReportEvents",
  "newestReportEvents",
  "firstReportChars",
  "newestReportChars",
  "reportAfterEndMs",
  "clientFactChars",
  "postedCallsPerUser",
  "postedCallsPerDay",
  "jsonLevels",
  "samplesPerUserDay",
  "restBodyBytes",
  "tokenlessBodyBytes",
  "restStatsBodyBytes",
  "resumeQueueMessages",
  "resumeQueueBytes",
  "keptCandidates",
  "keptCandidateChars",
  "heldCandidateChars",
  "relayedCandidates",
  "contactsPerUser",
  "blocksPerUser",
  "pushDevicesPerUser",
  "webhooks",
  "webhookUrlChars",
  "webhookSubjectsListed",
  "adminLooked",
  "adminPage",
  "adminSearchDays",
  "adminStreams",
];

function registers(device: object): boolean {
  return restContract.putPushDevice.body.safeParse(device).success;
}

function webDevice(endpoint: string): object {
  return { platform: "web", subscription: { endpoint, keys: { p256dh: x(87), auth: x(22) } } };
}

function sends(message: object): boolean {
  return parseClientMessage(JSON.stringify(message)).ok;
}

for (const [name, fits] of Object.entries(bounded)) {
  const limit = limits[name as keyof typeof limits];
  test(`${name} takes ${limit} and not one more`, () => {
    assert.ok(fits(limit));
    assert.ok(!fits(limit + 1));
  });
}

test("of more samples than a report may have as many are taken, evenly, with both ends of the call", () => {
  const said = (count: number) => {
    const samples = Array.from({ length: count }, (_, i) => ({ timestamp: i * 3_000 }));
    const parsed = parseClientMessage(JSON.stringify({ type: "callStats", callId: "c", samples }));
    assert.ok(parsed.ok && parsed.message.type === "callStats");
    return (parsed.message.samples ?? []).map(({ timestamp }) => timestamp / 3_000);
  };
  const max = limits.reportedSamples;
  assert.equal(said(max).length, max);
  const over = said(max + 1);
  assert.deepEqual([over.length, over[0], over.at(-1)], [max, 0, max]);
  const many = said(max * 2.5);
  assert.deepEqual([many.length, many[0], many.at(-1)], [max, 0, max * 2.5 - 1]);
  const gaps = many.slice(1).map((at, i) => at - (many[i] ?? 0));
  assert.ok(Math.min(...gaps) >= 2 && Math.max(...gaps) <= 3);
});

test("a message larger than those of its type may be is refused by its name, and of that size alone", () => {
  const padded = (type: string, bytes: number) => {
    const frame = JSON.stringify({ type, id: "7", n: 4, padding: "" });
    return `${frame.slice(0, -2)}${x(bytes - frame.length)}"}`;
  };
  for (const type of ["join", "chat", "stats", "watch", "offer", "callStats", "dance"]) {
    const max = frameBytesOf(type);
    const fits = parseClientMessage(padded(type, max));
    assert.notEqual(fits.ok || fits.code, "payload_too_large", type);
    const refused = parseClientMessage(padded(type, max + 1));
    assert.ok(!refused.ok && refused.code === "payload_too_large", type);
    assert.deepEqual([refused.id, refused.n, refused.type], ["7", 4, type]);
    assert.match(refused.details[0]?.message ?? "", new RegExp(`at most ${max} bytes for ${type}`));
  }
  // What counts is what it took on the wire.
  const wide = parseClientMessage(JSON.stringify({ type: "chat", to: "1111", message: "x" }), limits.frameBytes + 1);
  assert.ok(!wide.ok && wide.code === "payload_too_large");
});

test("every limit is tested here or held by the server", () => {
  assert.deepEqual([...Object.keys(bounded), ...heldElsewhere].toSorted(), Object.keys(limits).toSorted());
});

test("numbers just outside what they mean are refused", () => {
  const sample = (fields: object) => sends({ type: "stats", callId: "c", samples: [{ t: 1, ...fields }] });
  assert.ok(sample({ lossPercent: 100, audioLevel: 1, rttMs: 0, width: 0 }));
  const wrong = [{ lossPercent: 100.01 }, { lossPercent: -0.01 }, { audioLevel: 1.01 }, { rttMs: -1 }, { width: 0.5 }];
  for (const fields of [...wrong, { t: -1 }, { limitation: "heat" }, { pair: "tunnel" }]) {
    assert.ok(!sample(fields), JSON.stringify(fields));
  }
  const index = (sdpMLineIndex: number) => sends({ type: "candidate", candidate: { candidate: "", sdpMLineIndex } });
  assert.ok(index(0) && index(255) && !index(256) && !index(-1));
  for (const seq of [-1, 0.5, Number.MAX_SAFE_INTEGER + 1]) assert.ok(!sends({ type: "ping", seq }), String(seq));
});

test("empty text is refused where something must be named, and is the shipped app's way to name no call", () => {
  assert.ok(!sends({ type: "ringing", callId: "" }));
  assert.ok(!sends({ type: "offer", to: "1111", sdp: "" }));
  assert.ok(!sends({ type: "chat", to: "1111", message: "" }));
  assert.ok(sends({ type: "hangup", to: "1111", callId: "" }));
});
