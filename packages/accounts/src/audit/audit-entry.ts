import { createHmac } from "node:crypto";
import type { Instant } from "@echoo/core";
import type { AuditEvent, AuditFacts } from "./audit.ts";
import { cleanText, shortenNumber, truncateAddress } from "./redaction.ts";

/** 96 bits: two numbers never share one. */
const keyChars = 16;
export const textCharsMax = 500;

/** One line of the audit log. */
export interface AuditEntry {
  readonly time: string;
  readonly event: AuditEvent;
  readonly outcome: "ok" | "refused";
  /** The number's last two digits, as other logs have it. */
  readonly user?: string;
  /** Names the number without telling it: see `pseudonymOf`. */
  readonly userKey?: string;
  readonly other?: string;
  readonly otherKey?: string;
  /** The network: /24 of IPv4, /48 of IPv6. */
  readonly address?: string;
  readonly device?: string;
  readonly requestId?: string;
  readonly how?: string;
  readonly code?: string;
  readonly note?: string;
  /** So many more of this kind were not written singly since the last sum, from so many users or networks. */
  readonly count?: number;
  readonly sources?: number;
}

/**
 * The same for one number at all times, and only for a holder of the server's secret: with it, all numbers there are
 * can be tried. Without it an entry does not tell whose it is.
 */
export function pseudonymOf(userId: string, secret: string): string {
  return createHmac("sha256", secret).update(`audit:${userId}`).digest("base64url").slice(0, keyChars);
}

/** The entry of what happened, without what must not be stored. Absent facts leave no field. */
export function auditEntry(event: AuditEvent, facts: AuditFacts, nowMs: Instant, secret: string): AuditEntry {
  const { user, other, address, device, requestId, how, refusal, note, count } = facts;
  return {
    time: new Date(nowMs).toISOString(),
    event,
    outcome: refusal === undefined ? "ok" : "refused",
    ...(user === undefined ? {} : { user: shortenNumber(user), userKey: pseudonymOf(user, secret) }),
    ...(other === undefined ? {} : { other: shortenNumber(other), otherKey: pseudonymOf(other, secret) }),
    ...(address === undefined ? {} : { address: truncateAddress(address) }),
    ...(device === undefined ? {} : { device: shortText(device) }),
    ...(requestId === undefined ? {} : { requestId }),
    ...(how === undefined ? {} : { how }),
    ...(refusal === undefined ? {} : { code: refusal }),
    ...(note === undefined ? {} : { note: shortText(note) }),
    ...(count === undefined ? {} : { count }),
  };
}

/** What people call their devices is theirs to choose: a number in it is shortened all the same. */
function shortText(text: string): string {
  return cleanText(text).slice(0, textCharsMax);
}
