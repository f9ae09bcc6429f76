import assert from "node:assert/strict";
import { test } from "node:test";
import { mayConnect } from "../../src/addresses/origin.ts";

const plain = { host: "echoo.home:3000" };
const proxied = { host: "calls.example.com", publicUrl: "https://calls.example.com" };
const secure = { host: "calls.example.com", encrypted: true };

interface Request {
  readonly host: string;
  readonly encrypted?: boolean;
  readonly publicUrl?: string;
  readonly origins?: readonly string[];
}

for (const [what, request, origin, isLetIn] of [
  ["a client without an origin", plain, undefined, true],
  ["a page of the host over HTTP", plain, "http://echoo.home:3000", true],
  [
    "a page of the host over HTTPS, from behind a proxy that this server knows nothing of",
    plain,
    "https://echoo.home:3000",
    true,
  ],
  ["a page without an origin to name", plain, "null", false],
  ["a page of another port", plain, "http://echoo.home:3001", false],
  ["a page of the default port", plain, "http://echoo.home", false],
  ["a page whose host begins alike", plain, "http://echoo.home:3000.evil.example", false],
  ["a page whose host ends alike", plain, "http://evil-echoo.home:3000", false],
  ["a page of a domain below", plain, "http://a.echoo.home:3000", false],
  ["an origin with more than an origin in it", plain, "http://echoo.home:3000/", false],
  ["a page of the host over HTTPS to a server that ends TLS", secure, "https://calls.example.com", true],
  [
    "a page of the host with its default port spelt out",
    { ...secure, host: "calls.example.com:443" },
    "https://calls.example.com",
    true,
  ],
  ["a page of the host over HTTP to a server that ends TLS", secure, "http://calls.example.com", false],
  ["a page of the public address", proxied, "https://calls.example.com", true],
  ["a page of the public host over HTTP, though its proxy speaks HTTPS", proxied, "http://calls.example.com", false],
  [
    "the same, with the port spelt out by the proxy",
    { ...proxied, host: "calls.example.com:443" },
    "http://calls.example.com",
    false,
  ],
  [
    "a page of the public address, whose proxy names the host otherwise",
    { ...proxied, host: "backend:3000" },
    "https://calls.example.com",
    true,
  ],
  [
    "a page of the machine itself, past the proxy",
    { ...proxied, host: "127.0.0.1:3000" },
    "http://127.0.0.1:3000",
    true,
  ],
  [
    "a page of a public address without HTTPS",
    { host: "calls.home", publicUrl: "http://calls.home" },
    "http://calls.home",
    true,
  ],
  ["a page that the operator named", { ...secure, origins: ["http://app.home"] }, "http://app.home", true],
  ["a page that differs from it by its scheme", { ...secure, origins: ["http://app.home"] }, "https://app.home", false],
] as const satisfies readonly (readonly [string, Request, string | undefined, boolean])[]) {
  test(`${what} may ${isLetIn ? "" : "not "}connect`, () => {
    const { host, encrypted = false, publicUrl, origins = [] }: Request = request;
    const headers = { host, ...(origin === undefined ? {} : { origin }) };
    assert.equal(mayConnect({ headers, encrypted }, { origins, publicUrl }), isLetIn);
  });
}
