import { z } from "zod";
import { limits } from "../limits.ts";

/** A whole number in a query string. Anything but plain digits is refused, not rounded or guessed. */
export function wholeNumber(min: number, max: number) {
  return z.preprocess(digitsToNumber, z.int().min(min).max(max));
}

/** A moment in a body: RFC 3339 with a zone, or milliseconds since the epoch. Comes out as milliseconds. */
export const moment = z
  .union([z.iso.datetime({ offset: true }), z.int().min(0).max(limits.latestTimeMs)])
  .transform((value) => (typeof value === "string" ? Date.parse(value) : value))
  .pipe(z.int().min(0, "a time since 1970").max(limits.latestTimeMs));

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
