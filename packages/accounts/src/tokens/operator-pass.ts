import { createHmac, timingSafeEqual } from "node:crypto";
import type { Clock, Instant } from "@echoo/core";

/** A command asks the running server at once. */
const passMs = 60_000;
const form = /^echoo-pass\.(\d{1,15})\.([\w-]{43})$/;

/**
 * What a command on the server's own machine shows to the running server: that it knows the server's secret. Good for a
 * minute, and for nothing that a user's token is good for.
 */
export function makeOperatorPass(secret: string, nowMs: Instant): string {
  const untilMs = nowMs + passMs;
  return `echoo-pass.${untilMs}.${signature(secret, untilMs).toString("base64url")}`;
}

export function isOperatorPass(secret: string, text: string, clock: Pick<Clock, "now">): boolean {
  const [, untilMs, signed = ""] = form.exec(text) ?? [];
  if (untilMs === undefined) return false;
  const given = Buffer.from(signed, "base64url");
  const expected = signature(secret, Number(untilMs));
  const isSigned = given.length === expected.length && timingSafeEqual(given, expected);
  const leftMs = Number(untilMs) - clock.now();
  // One that is good for longer was made by another clock.
  return isSigned && leftMs > 0 && leftMs <= passMs;
}

function signature(secret: string, untilMs: number): Buffer {
  return createHmac("sha256", secret).update(`operator pass ${untilMs}`).digest();
}
