import type { Instant } from "@echoo/core";
import { UsageError } from "./command.ts";

const unitMs = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** A time ago, such as 30m, 12h and 7d, or a date. */
export function readSince(text: string, nowMs: Instant): Instant {
  const [, amount, unit] = /^(\d{1,6})([mhd])$/.exec(text) ?? [];
  if (amount !== undefined) return nowMs - Number(amount) * unitMs[unit as keyof typeof unitMs];
  const atMs = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(atMs)) throw new UsageError(`--since must be like 30m, 12h, 7d or 2026-02-28, not '${text}'`);
  return atMs;
}
