import { z } from "zod";
import { limits } from "../limits.ts";

/** A whole number in a query string. Anything but plain digits is refused, not rounded or guessed. */
export function wholeNumber(min: number, max: number) {
  return z.preprocess(digitsToNumber, z.int().min(min).max(max));
}

/** RFC 3339 with a zone, from 1970 to 9999. */
const dateTime = z.iso.datetime({ offset: true }).regex(/^(19[7-9][0-9]|[2-9][0-9]{3})-/, "a time since 1970");

/**
 * A moment in a body: RFC 3339 with a zone, or milliseconds since the epoch. Comes out as milliseconds. A zone may put
 * the first hours of 1970, or the last of 9999, just beyond what is stored: they come out as its first or last moment.
 */
export const moment = z
  .union([dateTime, z.int().min(0).max(limits.latestTimeMs)])
  .transform((value) =>
    typeof value === "string" ? Math.min(Math.max(0, Date.parse(value)), limits.latestTimeMs) : value,
  );

/** The same in a query string, where milliseconds arrive as digits. */
export const queryMoment = z.preprocess(digitsToNumber, moment);

/** A moment in a response, always UTC with milliseconds: some clients parse exactly this. */
export const instant = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/)
  .meta({ format: "date-time", examples: ["2026-01-31T12:00:00.000Z"] });

/** A day of UTC in a response. */
export const day = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/)
  .meta({ format: "date", examples: ["2026-01-31"] });

function digitsToNumber(value: unknown): unknown {
  return typeof value === "string" && /^\d{1,15}$/.test(value) ? Number(value) : value;
}
