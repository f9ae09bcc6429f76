import assert from "node:assert/strict";
import { test } from "node:test";
import {
  callStatus,
  clientMessages,
  closeCodes,
  countsAsMissed,
  deviceEndReasons,
  type EndReason,
  endReasons,
  errorTable,
  messageRates,
  serverMessages,
} from "@echoo/protocol";

/**
 * Clients in the field know these. One that is no longer given moves to `retired`, and is never used again for
 * something else; a new one is added here.
 */
const publishedErrors: Readonly<Record<string, number>> = {
  invalid: 400,
  unknown_type: 400,
  not_joined: 401,
  join_timeout: 408,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  method_not_allowed: 405,
  conflict: 409,
  payload_too_large: 413,
  unsupported_media_type: 415,
  unknown_host: 421,
  origin_refused: 403,
  rate_limited: 429,
  flooding: 429,
  wrong_code: 401,
  proof_not_configured: 503,
  proof_failed: 503,
  invite_needed: 403,
  invite_invalid: 403,
  invite_expired: 403,
  invite_used: 403,
  number_taken: 409,
  unknown_call: 404,
  not_bound: 403,
  not_in_call: 409,
  not_allowed: 403,
  relay_only: 403,
  too_late: 409,
  call_id_used: 409,
  self_call: 400,
  already_in_call: 409,
  peer_legacy: 409,
  unavailable: 503,
  internal: 500,
};
const retired = { errors: [] as string[], endReasons: [] as string[], closeCodes: [] as number[] };

test("error codes keep their status for ever, and retired ones do not come back", () => {
  const present = Object.entries(errorTable).map(([code, row]) => [code, row.http]);
  assert.deepEqual(Object.fromEntries(present), publishedErrors);
  for (const code of retired.errors) assert.ok(!Object.hasOwn(errorTable, code), code);
});

test("close codes keep their meaning for a client that must decide whether to come back", () => {
  const present = Object.entries(closeCodes).map(([code, row]) => [code, row.reconnect]);
  assert.deepEqual(Object.fromEntries(present), {
    1001: "after_hint",
    1008: "backoff",
    1009: "backoff",
    1012: "after_hint",
    4401: "never",
    4408: "now",
    4409: "never",
    4429: "after_hint",
  });
  // RFC 6455, 7.4.2: 4000–4999 are for private use; the others are IANA's.
  for (const code of Object.keys(closeCodes).map(Number))
    assert.ok([1001, 1008, 1009, 1012].includes(code) || code >= 4000);
  for (const code of retired.closeCodes) assert.ok(!Object.hasOwn(closeCodes, code), String(code));
});

/** The design's table: reason, status when answered, status when not; "-" where it cannot be. */
const reasonRows: readonly (readonly [EndReason, string, string])[] = [
  ["hangup", "completed", "-"],
  ["connection_lost", "completed", "-"],
  ["server_restart", "completed", "-"],
  ["max_duration", "completed", "-"],
  ["superseded", "completed", "missed"],
  ["admin_ended", "completed", "missed"],
  ["connect_failed", "failed", "-"],
  ["declined", "-", "rejected"],
  ["cancelled", "-", "missed"],
  ["no_answer", "-", "missed"],
  ["unreachable", "-", "missed"],
  ["busy", "-", "missed"],
  ["do_not_disturb", "-", "missed"],
];

test("every end reason gives the status that the history shows, before and after the answer", () => {
  assert.deepEqual(reasonRows.map(([reason]) => reason).toSorted(), Object.keys(endReasons).toSorted());
  for (const [reason, answered, unanswered] of reasonRows) {
    const occurs = endReasons[reason].answered;
    assert.equal(occurs, answered === "-" ? "no" : unanswered === "-" ? "yes" : "either", reason);
    if (answered !== "-") assert.equal(callStatus(reason, true), answered, reason);
    if (unanswered !== "-") assert.equal(callStatus(reason, false), unanswered, reason);
    assert.equal(countsAsMissed(reason, occurs === "yes"), (unanswered === "-" ? answered : unanswered) === "missed");
    if (occurs !== "either") assert.equal(endReasons[reason].missed, countsAsMissed(reason, occurs === "yes"), reason);
  }
  for (const reason of retired.endReasons) assert.ok(!Object.hasOwn(endReasons, reason), reason);
});

test("a device's own reasons are not a call's", () => {
  assert.deepEqual(Object.keys(deviceEndReasons), ["answered_elsewhere", "declined_elsewhere"]);
  for (const reason of Object.keys(deviceEndReasons)) assert.ok(!Object.hasOwn(endReasons, reason));
});

test("every message of the protocol is there, with the names that the shipped app uses", () => {
  assert.deepEqual(
    Object.keys(clientMessages).join(" "),
    [
      "join authenticate offer ringing answer offerRefused candidate connected reject hangup mediaState chat emoji stats report callStats",
      "watch unwatch checkUser getUsers getTurnCredentials ping leave",
    ].join(" "),
  );
  assert.deepEqual(
    Object.keys(serverMessages).join(" "),
    [
      "joined calling offer ringing answer offerRefused candidate busy reject hangup missed peerLost peerBack mediaState chat emoji quality",
      "presence userList userStatus turnCredentials authenticated authError goaway ack pong tokenExpiring error",
    ].join(" "),
  );
});

test("each table's rows say who sends them, are documented in a sentence and counted in a bucket", () => {
  const tables = { client: clientMessages, server: serverMessages };
  for (const [side, table] of Object.entries(tables)) {
    for (const [type, row] of Object.entries(table)) {
      assert.equal(row.from, side, type);
      assert.match(row.doc, /^[A-Z].*\.$/, type);
      assert.ok(Object.hasOwn(messageRates, row.family), type);
    }
  }
  const rows = [endReasons, deviceEndReasons, errorTable].flatMap((table) => Object.values(table));
  for (const { sentence } of rows) assert.match(sentence, /^[A-Z].*[.\w]$/);
});
