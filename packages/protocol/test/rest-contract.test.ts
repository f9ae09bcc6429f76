import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type BodyInputOf,
  type BodyOf,
  errorsByStatus,
  errorTable,
  limits,
  type OperationId,
  type ParamsOf,
  type QueryOf,
  type ResponseOf,
  type RestRow,
  restContract,
  restPath,
} from "@echoo/protocol";

/** Fails to compile unless both types are the same. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const same = <_Holds extends true>() => {};

same<Same<ParamsOf<"putBlock">, { phone: string; other: string }>>();
same<Same<BodyOf<"logout">, undefined>>();
same<Same<BodyOf<"register">["phone"], string>>();
same<Same<BodyOf<"saveCall">["startTime"], number>>();
same<Same<BodyInputOf<"saveCall">["startTime"], string | number>>();
same<Same<QueryOf<"listCalls">["limit"], number>>();
same<Same<ResponseOf<"logout">, { success: true }>>();
same<Same<ResponseOf<"register", 202>["status"], "otp_sent">>();

const rows = Object.values(restContract) as readonly RestRow[];
const paths = rows.map((row) => `${row.method} ${row.path}`);

const ofAdministrators = [
  "DELETE /api/admin/people/:phone/tokens",
  "DELETE /api/admin/people/:phone/tokens/:id",
  "GET /api/admin/audit",
  "GET /api/admin/calls",
  "GET /api/admin/calls/:callId",
  "GET /api/admin/now",
  "GET /api/admin/now/stream",
  "GET /api/admin/people",
  "GET /api/admin/people/:phone",
  "GET /api/admin/quality",
  "GET /api/admin/running-calls",
  "GET /api/admin/settings",
  "GET /api/admin/webhooks",
  "GET /api/admin/webhooks/deliveries",
  "DELETE /api/admin/webhooks/:webhookId",
  "POST /api/admin/calls/:callId/end",
  "POST /api/admin/people/:phone/erase",
  "POST /api/admin/webhooks",
  "POST /api/admin/webhooks/:webhookId/rotate",
  "POST /api/admin/webhooks/replay",
  "POST /api/admin/webhooks/retry",
  "PUT /api/admin/people/:phone",
  "PUT /api/admin/webhooks/:webhookId",
];

const ofEverybody = [
  "DELETE /api/auth/sessions",
  "DELETE /api/auth/sessions/:id",
  "DELETE /api/calls/:phone/:callId",
  "DELETE /api/users/:phone",
  "DELETE /api/users/:phone/blocks/:other",
  "DELETE /api/users/:phone/contacts/:contact",
  "DELETE /api/users/:phone/devices/:deviceId",
  "DELETE /contacts/:phone",
  "GET /api/auth/sessions",
  "GET /api/calls/:phone",
  "GET /api/calls/:phone/:callId",
  "GET /api/health",
  "GET /api/push",
  "GET /api/rings/:callId",
  "GET /api/socket",
  "GET /api/stats/:phone",
  "GET /api/stats/:phone/calls/:callId",
  "GET /api/turn",
  "GET /api/users/:phone",
  "GET /api/users/:phone/blocks",
  "GET /api/users/:phone/contacts",
  "GET /api/users/:phone/devices",
  "GET /api/users/:phone/export",
  "GET /asyncapi.json",
  "GET /calls/history",
  "GET /calls/stats",
  "GET /calls/stats/:callId",
  "GET /contacts",
  "GET /docs",
  "GET /health",
  "GET /livez",
  "GET /metrics",
  "GET /openapi.json",
  "GET /readyz",
  "GET /turn-credentials",
  "GET /user/profile",
  "POST /api/auth/logout",
  "POST /api/auth/register",
  "POST /api/calls",
  "POST /api/calls/:phone/seen",
  "POST /api/invitations",
  "POST /api/invitations/read",
  "POST /api/rings/:callId/reject",
  "POST /api/rings/:callId/ringing",
  "POST /api/stats/calls/:callId",
  "POST /auth/send-otp",
  "POST /auth/verify-otp",
  "POST /contacts",
  "PUT /api/users/:phone",
  "PUT /api/users/:phone/blocks/:other",
  "PUT /api/users/:phone/contacts/:contact",
  "PUT /api/users/:phone/devices/:deviceId",
  "PUT /user/profile",
];

test("every endpoint of the protocol's table is in the contract, and no other", () => {
  assert.deepEqual(paths.toSorted(), [...ofAdministrators, ...ofEverybody].toSorted());
});

test("an endpoint's key is its operationId, and its schema names exactly the parameters of its path", () => {
  for (const [key, row] of Object.entries(restContract)) {
    assert.equal(row.operationId, key);
    const inPath = [...row.path.matchAll(/:(\w+)/g)].map((match) => match[1]);
    assert.deepEqual(Object.keys(row.params.shape), inPath, key);
  }
});

test("open access covers the seed's endpoints and TURN, and never what erases, exports or concerns tokens and blocks", () => {
  const open = rows.filter((row) => row.auth === "open").map((row) => row.operationId);
  assert.deepEqual(open.toSorted(), [
    "appGetTurnCredentials",
    "getTurn",
    "getUser",
    "listCalls",
    "saveCall",
    "updateUser",
  ]);
  const none = rows.filter((row) => row.auth === "none").map((row) => row.operationId);
  assert.deepEqual(none.toSorted(), [
    "appGetHealth",
    "appSendCode",
    "appVerifyCode",
    "askAboutSocket",
    "getAsyncApi",
    "getDocs",
    "getHealth",
    "getMetrics",
    "getOpenApi",
    "getPush",
    "getRing",
    "live",
    "readInvitation",
    "ready",
    "register",
    "rejectRing",
    "showRing",
  ]);
});

test("every success has a body and no refusal shares its status", () => {
  for (const row of rows) {
    const statuses = Object.keys(row.responses).map(Number);
    assert.ok(statuses.length > 0 && statuses.every((status) => [200, 201, 202].includes(status)), row.operationId);
    assert.ok(row.errors.every((code) => errorTable[code].http >= 400));
    assert.ok(errorsByStatus(row).has(500), row.operationId);
  }
});

test("whatever takes a token may answer 401, whatever carries a body 413 and 415, whatever has a bound 400", () => {
  for (const row of rows) {
    const statuses = errorsByStatus(row);
    if (row.auth !== "none") assert.ok(statuses.has(401), row.operationId);
    if (row.method !== "GET") assert.ok(statuses.has(413) && statuses.has(415), row.operationId);
    if (row.path.includes(":") || row.body !== undefined) assert.ok(statuses.has(400), row.operationId);
  }
});

test("only a batch of statistics may be larger than other bodies", () => {
  for (const row of rows) {
    const expected = row.operationId === "uploadSamples" ? limits.restStatsBodyBytes : limits.restBodyBytes;
    assert.equal(row.maxBodyBytes, expected, row.operationId);
  }
});

test("without a token a body is a few KiB at most, whatever it is for", () => {
  assert.ok(limits.tokenlessBodyBytes <= 8 * 1024);
  for (const row of rows) {
    const expected = row.auth === "token" || row.auth === "admin" ? 0 : limits.tokenlessBodyBytes;
    assert.equal(row.maxTokenlessBodyBytes, expected, row.operationId);
  }
});

test("the largest of what is sent without a token fits, however it is escaped", () => {
  const name = "\u{1f600}".repeat(limits.displayNameChars / 2);
  const escaped = (value: object) =>
    JSON.stringify(value).replace(/[^\x20-\x7e]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`);
  const device = "\u2028".repeat(limits.deviceIdChars);
  const phone = `+${" ".repeat(48)}123456789012345`;
  const body = {
    phone,
    phoneNumber: phone,
    displayName: name,
    name,
    otp: "123456",
    invite: "x".repeat(limits.inviteChars),
    device,
  };
  assert.equal(restContract.register.body.safeParse(JSON.parse(escaped(body))).success, true);
  assert.ok(escaped(body).length * 2 < limits.tokenlessBodyBytes, `${escaped(body).length} bytes`);
});

test("a path's parameters are escaped", () => {
  assert.equal(restPath("getUser", { phone: "+1 555" }), "/api/users/%2B1%20555");
  assert.equal(restPath("hideCall", { phone: "1", callId: "a/../b?c" }), "/api/calls/1/a%2F..%2Fb%3Fc");
});

const accepts = (id: OperationId, part: "query" | "body", value: unknown): boolean => {
  const schema = restContract[id][part];
  assert.ok(schema !== undefined);
  return schema.safeParse(value).success;
};

test("numbers in a query are whole and within their bounds, or refused", () => {
  assert.deepEqual(restContract.listCalls.query.parse({}), { limit: 50 });
  assert.deepEqual(restContract.listCalls.query.parse({ limit: "200", extra: "1" }), { limit: 200 });
  for (const limit of ["abc", "", " 5", "0x10", "1e1", "5.5", "-1", "0", "201", ["1", "2"], "99999999999999999999"]) {
    assert.ok(!accepts("listCalls", "query", { limit }), `limit=${limit}`);
  }
  assert.deepEqual(restContract.getStatistics.query.parse({ days: "366" }), { days: 366 });
  for (const days of ["0", "367", "many"]) assert.ok(!accepts("getStatistics", "query", { days }), `days=${days}`);
});

test("moments in a query are ISO 8601 with a zone or milliseconds", () => {
  const atMs = Date.UTC(2026, 0, 2, 3, 4, 5);
  for (const since of ["2026-01-02T03:04:05Z", "2026-01-02T05:04:05.000+02:00", String(atMs)]) {
    assert.equal(restContract.listCalls.query.parse({ since }).since, atMs, since);
  }
  for (const since of ["yesterday", "2026-01-02", "2026-13-01T00:00:00Z", "0001-01-01T00:00:00Z", "9999999999999999"]) {
    assert.ok(!accepts("listCalls", "query", { since }), since);
  }
  // A zone may put a time just outside of what is stored.
  for (const [text, storedMs] of [
    ["1970-01-01T00:00:00+05:00", 0],
    ["9999-12-31T23:59:59-05:00", limits.latestTimeMs],
  ] as const) {
    assert.equal(restContract.listCalls.query.parse({ since: text }).since, storedMs);
  }
  assert.ok(!accepts("listCalls", "query", { status: "answered" }));
  assert.ok(!accepts("listCalls", "query", { direction: "sideways" }));
  assert.ok(!accepts("listCalls", "query", { cursor: "x".repeat(limits.cursorChars + 1) }));
});

test("a registration takes either spelling of number and name, and needs a number", () => {
  const parse = restContract.register.body.parse;
  assert.deepEqual(parse({ phoneNumber: "5551234567", name: " Ann " }), { phone: "5551234567", displayName: "Ann" });
  assert.equal(parse({ phone: "1234", phoneNumber: "9999" }).phone, "1234");
  assert.ok(!accepts("register", "body", {}));
  assert.ok(!accepts("register", "body", { phone: { $ne: null } }));
  assert.ok(!accepts("register", "body", { phone: "1234", otp: "12345" }));
  assert.ok(!accepts("register", "body", { phone: "1234", displayName: "x".repeat(limits.displayNameChars + 1) }));
});

test("a call record as the seed's clients post it is taken, with its time as text or as milliseconds", () => {
  const posted = { caller: "1111", callee: "2222", isVideo: true, duration: 12.7, status: "completed" };
  const startMs = Date.UTC(2026, 0, 2);
  for (const startTime of [startMs, new Date(startMs).toISOString()]) {
    const body = restContract.saveCall.body.parse({ ...posted, startTime, _id: "dropped" });
    assert.deepEqual(body, { ...posted, startTime: startMs, duration: 12 });
  }
  assert.ok(!accepts("saveCall", "body", posted));
  for (const wrong of [
    { duration: -1 },
    { duration: 1e9 },
    { startTime: "now" },
    { startTime: 1e300 },
    { status: "ok" },
  ]) {
    assert.ok(!accepts("saveCall", "body", { startTime: startMs, ...posted, ...wrong }), JSON.stringify(wrong));
  }
});

test("a body that may be left out may be left out", () => {
  for (const id of ["markCallsSeen", "putContact"] as const) assert.ok(accepts(id, "body", undefined), id);
  for (const id of ["saveCall", "register", "updateUser", "uploadSamples"] as const) {
    assert.ok(!accepts(id, "body", undefined), id);
  }
});

test("an upload takes as many samples as its limit and not one more", () => {
  const samples = Array.from({ length: limits.uploadedSamples }, (_, t) => ({ t }));
  assert.ok(accepts("uploadSamples", "body", { samples }));
  assert.ok(!accepts("uploadSamples", "body", { samples: [...samples, { t: 0 }] }));
  assert.ok(!accepts("uploadSamples", "body", { samples: [] }));
});
