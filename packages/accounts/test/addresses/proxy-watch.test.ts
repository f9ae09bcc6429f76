import assert from "node:assert/strict";
import type { IncomingHttpHeaders } from "node:http";
import { test } from "node:test";
import { FakeClock } from "@echoo/testkit";
import { trustedProxies } from "../../../server/src/config/kinds.ts";
import { createLogger } from "../../../server/src/observability/logging.ts";
import { clientOf } from "../../src/addresses/client-address.ts";
import { createProxyWatch } from "../../src/addresses/proxy-watch.ts";

function watch(trust?: string) {
  const clock = new FakeClock();
  const lines: string[] = [];
  const logger = createLogger("info", { write: (line) => void lines.push(line) });
  const trustProxy = trust === undefined ? undefined : trustedProxies.read(trust);
  const proxies = createProxyWatch({ clock, logger, trustProxy });
  const see = (address: string, headers: IncomingHttpHeaders) => {
    const facts = { address, headers, httpVersion: "1.1" };
    proxies.observe(facts, clientOf(facts, trustProxy));
  };
  const codes = () => proxies.problems().map(({ code }) => code);
  return { clock, lines, see, codes };
}

const forwarded = { "x-forwarded-for": "203.0.113.5" };

test("a proxy nearby that no setting names is a problem, and an error in the log once", () => {
  const { lines, see, codes } = watch();
  for (const address of ["127.0.0.1", "10.0.0.1", "172.17.0.1", "fd00::1", "100.64.0.1"]) see(address, forwarded);
  assert.deepEqual(codes(), ["proxy_not_trusted"]);
  assert.equal(lines.length, 1);
  assert.match(lines[0] ?? "", /"level":"error".*ECHOO_TRUST_PROXY/);
});

for (const header of ["x-forwarded-for", "forwarded", "x-real-ip", "cf-connecting-ip", "true-client-ip"]) {
  test(`it shows itself by ${header}`, () => {
    const { see, codes } = watch();
    see("127.0.0.1", { [header]: "203.0.113.5" });
    assert.deepEqual(codes(), ["proxy_not_trusted"]);
  });
}

test("so is one that is near and outside of the networks that are named", () => {
  const { see, codes } = watch("10.0.0.0/8");
  see("172.17.0.1", forwarded);
  assert.deepEqual(codes(), ["proxy_not_trusted"]);
});

test("a header from farther away makes health report no fault", () => {
  for (const trust of [undefined, "10.0.0.0/8", "2"]) {
    const { lines, see, codes } = watch(trust);
    see("203.0.113.9", forwarded);
    see("203.0.113.9", { "x-forwarded-for": "unknown" });
    assert.deepEqual([codes(), lines], [[], []]);
  }
});

test("a proxy as the settings name it is no problem, nor is a request that passed none", () => {
  for (const trust of ["loopback", "1", "127.0.0.1"]) {
    const { lines, see, codes } = watch(trust);
    see("127.0.0.1", forwarded);
    see("127.0.0.1", { "x-forwarded-for": "127.0.0.1, 203.0.113.5:80" });
    // A check by the machine itself, past the proxy and through it.
    see("127.0.0.1", {});
    see("127.0.0.1", { "x-forwarded-for": "127.0.0.1", "x-forwarded-proto": "https" });
    assert.deepEqual([codes(), lines], [[], []], trust);
  }
});

test("a trusted proxy that names no readable client address is a problem", () => {
  const headers: readonly IncomingHttpHeaders[] = [
    { "x-forwarded-for": "unknown" },
    { "x-forwarded-for": "" },
    { "x-forwarded-proto": "https" },
    { forwarded: "for=203.0.113.5" },
  ];
  for (const each of headers) {
    const { lines, see, codes } = watch("loopback");
    see("127.0.0.1", each);
    see("127.0.0.1", each);
    assert.deepEqual([codes(), lines.length], [["client_address_unknown"], 1], JSON.stringify(each));
  }
});

test("a problem is told for an hour after it was seen last, and logged no more", () => {
  const { clock, lines, see, codes } = watch();
  see("127.0.0.1", forwarded);
  clock.advance(3_599_999);
  see("127.0.0.1", forwarded);
  clock.advance(3_599_999);
  assert.deepEqual(codes(), ["proxy_not_trusted"]);
  clock.advance(1);
  assert.deepEqual(codes(), []);
  see("127.0.0.1", forwarded);
  assert.deepEqual([codes().length, lines.length], [1, 1]);
});
