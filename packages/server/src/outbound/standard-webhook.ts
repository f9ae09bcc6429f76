import type { Instant } from "@echoo/core";
import { Webhook } from "standardwebhooks";

/**
 * The secret as the libraries of Standard Webhooks read it: `whsec_` and base64, or base64 alone. Any other text is
 * taken by its bytes.
 */
function signingKey(secret: string): Webhook {
  const encoded = secret.replace(/^whsec_/, "");
  const isBase64 = encoded.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(encoded);
  return isBase64 ? new Webhook(secret) : new Webhook(Buffer.from(secret), { format: "raw" });
}

interface Message {
  /** The same each time that it is posted. */
  readonly id: string;
  readonly body: string;
  readonly nowMs: Instant;
}

/** What a message is posted with by Standard Webhooks: signed with each of the secrets, the newest first. */
export function standardHeaders(secrets: readonly string[], { id, body, nowMs }: Message): Record<string, string> {
  const sentAt = new Date(nowMs);
  return {
    "content-type": "application/json",
    "user-agent": "Echoo",
    "webhook-id": id,
    "webhook-timestamp": String(Math.floor(nowMs / 1000)),
    "webhook-signature": secrets.map((secret) => signingKey(secret).sign(id, sentAt, body)).join(" "),
  };
}
