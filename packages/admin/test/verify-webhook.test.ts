import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { EchooAdminError, verifyWebhook } from "@echoo/admin";
import { Webhook } from "standardwebhooks";

const secret = `whsec_${Buffer.from("the key that both of them know 1").toString("base64")}`;
const other = `whsec_${Buffer.from("a key that is of somebody else 2").toString("base64")}`;
const event = {
  type: "call.missed",
  id: "evt_1",
  sequence: 4,
  time: "2026-01-31T12:01:07.250Z",
  data: { name: "Zoë" },
};
const body = JSON.stringify(event);

/** Signed by the library of the standard, which the server uses as well. */
function signed({ text = body, by = secret, at = new Date() } = {}): Record<string, string> {
  const signature = new Webhook(by).sign("evt_1", at, text);
  const timestamp = String(Math.floor(at.getTime() / 1000));
  return { "webhook-id": "evt_1", "webhook-timestamp": timestamp, "webhook-signature": signature };
}

const refused = (message: RegExp) => (error: unknown) =>
  error instanceof EchooAdminError && error.code === "webhook_invalid" && message.test(error.message);

describe("a webhook that is verified", () => {
  it("is what was signed, as text or bytes, with the headers of fetch, Express or Node", () => {
    const headers = signed();
    const express = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toUpperCase(), [value]]));
    for (const form of [headers, new Headers(headers), express]) {
      assert.deepEqual(verifyWebhook({ body, headers: form, secret }), event);
      assert.deepEqual(verifyWebhook({ body: Buffer.from(body), headers: form, secret }), event);
    }
  });

  it("is taken by either of two secrets while they change, and with a signature that is not known beside it", () => {
    assert.deepEqual(verifyWebhook({ body, headers: signed({ by: other }), secret: [secret, other] }), event);
    const headers = signed();
    const both = { ...headers, "webhook-signature": `v2,AAAA ${headers["webhook-signature"]}` };
    assert.deepEqual(verifyWebhook({ body, headers: both, secret }), event);
  });

  it("is refused where anything about it was changed", () => {
    const headers = signed();
    const changes: readonly (readonly [string, Record<string, string>])[] = [
      [body.replace("4", "5"), headers],
      [body, { ...headers, "webhook-id": "evt_2" }],
      [body, { ...headers, "webhook-timestamp": String(Number(headers["webhook-timestamp"]) + 1) }],
      [body, { ...headers, "webhook-signature": "v1," }],
      [body, { ...headers, "webhook-signature": headers["webhook-signature"]?.replace("v1", "v2") ?? "" }],
      [body, signed({ by: other })],
    ];
    for (const [text, changed] of changes) {
      assert.throws(() => verifyWebhook({ body: text, headers: changed, secret }), refused(/not by this secret/));
    }
    for (const name of Object.keys(headers)) {
      const { [name]: _, ...rest } = headers;
      assert.throws(() => verifyWebhook({ body, headers: rest, secret }), refused(/header is missing/));
    }
  });

  it("is refused when it is older than five minutes, or newer, or says no time", () => {
    for (const offMs of [-301_000, 302_000]) {
      const headers = signed({ at: new Date(Date.now() + offMs) });
      assert.throws(() => verifyWebhook({ body, headers, secret }), refused(/too long ago/));
      assert.deepEqual(verifyWebhook({ body, headers, secret, toleranceMs: 400_000 }), event);
    }
    for (const timestamp of ["NaN", "Infinity", "1e9", "-1", " 1"]) {
      const headers = { ...signed(), "webhook-timestamp": timestamp };
      assert.throws(() => verifyWebhook({ body, headers, secret, toleranceMs: Infinity }), refused(/too long ago/));
    }
  });

  it("says that a parsed body cannot be verified, and that an empty secret would verify anything", () => {
    const parsed = event as unknown as string;
    assert.throws(() => verifyWebhook({ body: parsed, headers: signed(), secret }), refused(/has been parsed/));
    assert.throws(() => verifyWebhook({ body, headers: signed(), secret: "whsec_" }), /secret of the webhook is empty/);
  });
});
