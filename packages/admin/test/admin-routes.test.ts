import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { EchooAdmin, EchooAdminError, userToken } from "@echoo/admin";
import { restContract } from "@echoo/protocol";
import { adminRoutes } from "../src/admin-routes.ts";

const answering = (reply: () => Response) => {
  const asked: Request[] = [];
  const fetch = async (input: string | URL | Request, init?: RequestInit) => {
    asked.push(new Request(input, init));
    return reply();
  };
  return { asked, fetch };
};

describe("the endpoints that a backend asks", () => {
  for (const [id, route] of Object.entries(adminRoutes)) {
    it(`${id} is that of the contract`, () => {
      const row = restContract[id as keyof typeof adminRoutes];
      assert.equal(route, `${row.method} ${row.path}`);
    });
  }

  it("are asked in the name of the token given, fresh for each, and with what the contract takes", async () => {
    const { asked, fetch } = answering(() => Response.json({ calls: [] }));
    let tokens = 0;
    const admin = new EchooAdmin({
      url: "https://calls.example.org/",
      fetch,
      token: async () => {
        tokens += 1;
        return `token-${tokens}`;
      },
    });
    await admin.listCalls({ params: { phone: "+49 151/1" }, query: { limit: 2, direction: undefined } });
    await admin.as("another").deleteContact({ params: { phone: "1", contact: "2" } });
    assert.deepEqual(
      asked.map(({ method, url, headers }) => [method, url, headers.get("authorization"), headers.get("content-type")]),
      [
        ["GET", "https://calls.example.org/api/calls/%2B49%20151%2F1?limit=2", "Bearer token-1", null],
        ["DELETE", "https://calls.example.org/api/users/1/contacts/2", "Bearer another", "application/json"],
      ],
    );
  });

  it("refuse with the server's code, or say that something else answered, or nothing", async () => {
    const refusing = (reply: () => Response) =>
      new EchooAdmin({ url: "https://calls.example.org", fetch: answering(reply).fetch }).getHealth();
    const is = (expected: object) => (error: unknown) => {
      assert.ok(error instanceof EchooAdminError);
      const { code, status, retryInMs } = error;
      assert.deepEqual({ code, status, retryInMs }, expected);
      return true;
    };
    const limited = { status: 429, headers: { "retry-after": "3" } };
    const body = { error: "Too many requests.", code: "rate_limited" };
    await assert.rejects(
      refusing(() => Response.json(body, limited)),
      is({ code: "rate_limited", status: 429, retryInMs: 3000 }),
    );
    await assert.rejects(
      refusing(() => new Response("<html>", { status: 502 })),
      is({ code: "http", status: 502, retryInMs: undefined }),
    );
    await assert.rejects(
      refusing(() => {
        throw new TypeError("fetch failed");
      }),
      is({ code: "offline", status: undefined, retryInMs: undefined }),
    );
  });

  it("are never another path, whatever a number is", async () => {
    const { asked, fetch } = answering(() => Response.json({}));
    const admin = new EchooAdmin({ url: "https://calls.example.org", fetch });
    for (const phone of ["", ".", ".."]) await assert.rejects(admin.getUser({ params: { phone } }), EchooAdminError);
    assert.equal(asked.length, 0);
  });
});

describe("a token for one's own user", () => {
  const options = { secret: "x".repeat(32), issuer: "https://app.example.com", audience: "calls" };

  it("says who it is, for whom, and until when; no two are the same", () => {
    const [one, other] = [userToken("user-1", { ...options, name: "Zoë" }), userToken("user-1", options)];
    const claims = JSON.parse(Buffer.from(one.split(".")[1] ?? "", "base64url").toString());
    assert.equal(claims.exp - claims.iat, 600);
    assert.deepEqual([claims.sub, claims.iss, claims.aud, claims.name], ["user-1", options.issuer, "calls", "Zoë"]);
    assert.notEqual(one, other);
  });

  it("is not made with a secret that the server would not take", () => {
    assert.throws(() => userToken("user-1", { ...options, secret: "x".repeat(31) }), /fewer than 32/);
    assert.throws(() => userToken("", options), /has an id/);
  });
});
