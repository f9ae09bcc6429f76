import type { Context } from "../../src/scenarios/scenario.ts";

/** One round without a core of its own, of the sources: what it measures says nothing, but that it measures. */
export const smoke: Context = { rounds: 1, pinned: false, from: "source", say: () => {} };

/** Every figure of a report is a number: nothing that was to be measured is missing. */
export function figuresOf(data: unknown): number[] {
  if (typeof data === "number" || data === null) return [data ?? Number.NaN];
  return typeof data === "object" ? Object.values(data).flatMap(figuresOf) : [];
}
