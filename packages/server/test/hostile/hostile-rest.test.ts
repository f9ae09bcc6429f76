import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { limits, type RestRow, restContract } from "@echoo/protocol";
import { type ServerProcess, spawnServer } from "@echoo/testkit";
import { hostileTexts, hostileValues } from "./hostile-values.ts";
import { witnessCall } from "./witness-call.ts";

const rows: readonly RestRow[] = Object.values(restContract);
const filled = (path: string, value: string) => path.replace(/:\w+/g, () => encodeURIComponent(value));

/** Has a token, so that hostile input gets past the door. */
const attacker = "6662000001";

describe("a REST request that is not what it should be", () => {
  let server: ServerProcess;
  let token: string;
  before(async () => {
    server = await spawnServer({ env: { ECHOO_RATE_LIMITS: "off" } });
    const response = await fetch(`${server.url}/api/auth/register`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ phone: attacker }),
    });
    ({ token } = (await response.json()) as { token: string });
    assert.equal(typeof token, "string");
  });
  after(() => server.stop());

  /** Any refusal is fine that the contract knows; a failure of ours, an empty reply or a stack trace is not. */
  async function ask(method: string, path: string, body?: string | Uint8Array<ArrayBuffer>, type = "application/json") {
    const response = await fetch(server.url + path, {
      method,
      signal: AbortSignal.timeout(10_000),
      redirect: "manual",
      headers: { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { "content-type": type }) },
      ...(body === undefined ? {} : { body }),
    });
    const text = await response.text();
    const what = `${method} ${path.slice(0, 80)} ${String(body).slice(0, 80)} → ${response.status} ${text.slice(0, 200)}`;
    assert.ok(response.status < 500, what);
    assert.notEqual(response.status, 204, what);
    assert.doesNotMatch(text, /\n\s+at |node_modules|packages\//, what);
    if (response.status >= 400 && path.startsWith("/api/")) {
      const { error, code, requestId } = JSON.parse(text) as Record<string, unknown>;
      for (const field of [error, code, requestId]) assert.equal(typeof field, "string", what);
    }
    return response.status;
  }

  for (const row of rows.filter(({ body }) => body !== undefined)) {
    const path = filled(row.path, attacker);
    test(`hostile bodies of ${row.method} ${row.path} are refused, and a witness call completes`, async () => {
      for (const text of Object.values(hostileTexts)) {
        const status = await ask(row.method, path, text);
        // Where a body may be left out an empty one is fine, and RFC 8259 lets a parser skip a byte order mark.
        const mayBeFine = text === "" || text.replace("\ufeff", "").startsWith("{");
        assert.ok(status >= 400 || mayBeFine, `${status} for ${text.slice(0, 80)}`);
      }
      for (const value of hostileValues) {
        await ask(row.method, path, JSON.stringify(value));
        const fields = [
          "phone",
          "phoneNumber",
          "displayName",
          "otp",
          "callId",
          "caller",
          "startTime",
          "samples",
          "name",
        ];
        await ask(row.method, path, JSON.stringify(Object.fromEntries(fields.map((field) => [field, value]))));
      }
      await ask(row.method, path, '{"__proto__":{"admin":true},"constructor":{"prototype":{"admin":true}}}');
      await ask(row.method, path, Buffer.from('{"phone":"\u260e"}').subarray(0, 12));
      await witnessCall(server);
    });
  }

  for (const row of rows.filter((row) => row.path.includes(":"))) {
    test(`hostile parameters of ${row.method} ${row.path} are refused, and a witness call completes`, async () => {
      for (const value of hostileValues) {
        const text = typeof value === "string" ? value : JSON.stringify(value);
        if (text.length > 2_000 || /[\ud800-\udfff]/.test(text)) continue;
        // Deleting an account by a number that happens to be right is no fault: no number here is one.
        const body = row.body === undefined ? undefined : "{}";
        await ask(row.method, filled(row.path, text), body);
      }
      await witnessCall(server);
    });
  }

  test("hostile queries are refused or ignored", async () => {
    const path = `/api/calls/${attacker}`;
    for (const query of [
      ...[
        "limit=1e999",
        "limit=-1",
        "limit=0",
        "limit=1.5",
        "limit[$ne]=1",
        "limit=1&limit=2",
        "limit=",
        "cursor=",
        "cursor=%00",
      ],
      ...[
        "cursor=eyJhIjoxfQ",
        "cursor=../..",
        `cursor=${"A".repeat(4_000)}`,
        "cursor[$gt]=",
        "since=NaN",
        "until=-1e308",
      ],
      ...[
        "since=1e999",
        "direction=sideways",
        "status[]=missed",
        "__proto__[x]=1",
        "constructor=1",
        "%",
        "%ff=%ff",
        "&&&=&",
      ],
    ]) {
      await ask("GET", `${path}?${query}`);
    }
    for (const days of ["0", "-1", "1e9", "x", "367"]) await ask("GET", `/api/stats/${attacker}?days=${days}`);
    await witnessCall(server);
  });

  test("a path that cannot be decoded is a bad request or not found", async () => {
    for (const path of [
      "/%",
      "/api/%ff",
      "/api/users/%E0%A4%A",
      "/api//users",
      "/api/users/a%2fb",
      "/..%2f..%2fetc/passwd",
    ]) {
      const status = await ask("GET", path);
      assert.ok(status === 400 || status === 404 || status === 403 || status === 401, `${path} → ${status}`);
    }
    await witnessCall(server);
  });

  test("a body of exactly the limit is read, and one byte more is refused with 413", async () => {
    const padded = (bytes: number) => {
      const empty = JSON.stringify({ phone: attacker, padding: "" });
      return JSON.stringify({ phone: attacker, padding: "x".repeat(bytes - empty.length) });
    };
    const path = "/api/auth/register";
    for (const bytes of [limits.restBodyBytes - 1, limits.restBodyBytes]) {
      assert.ok((await ask("POST", path, padded(bytes))) < 300, `${bytes} bytes`);
    }
    assert.equal(await ask("POST", path, padded(limits.restBodyBytes + 1)), 413);
    await witnessCall(server);
  });

  test("a body of statistics may be larger, and one byte more than that is refused with 413", async () => {
    const path = "/api/stats/calls/11111111-1111-4111-8111-111111111111";
    const padded = (bytes: number) => {
      const empty = JSON.stringify({ samples: [], padding: "" });
      return JSON.stringify({ samples: [], padding: "x".repeat(bytes - empty.length) });
    };
    assert.notEqual(await ask("POST", path, padded(limits.restStatsBodyBytes)), 413);
    assert.equal(await ask("POST", path, padded(limits.restStatsBodyBytes + 1)), 413);
    await witnessCall(server);
  });

  test("a body of another type is refused with 415", async () => {
    for (const type of [
      "text/plain",
      "application/x-www-form-urlencoded",
      "multipart/form-data; boundary=x",
      "text/json",
    ]) {
      assert.equal(await ask("POST", "/api/auth/register", JSON.stringify({ phone: attacker }), type), 415, type);
    }
    for (const type of ["application/json; charset=utf-7", "application/json; charset=nonsense"]) {
      assert.ok((await ask("POST", "/api/auth/register", JSON.stringify({ phone: attacker }), type)) < 500);
    }
    await witnessCall(server);
  });

  test("after all of it the process has nothing to complain of", () => {
    assert.deepEqual(server.faults(), []);
  });
});
