import { existsSync } from "node:fs";
import type { Context } from "../../src/scenarios/scenario.ts";

/** `npm test` builds first, and what is built starts in a fraction of the time. */
const isBuilt = existsSync(new URL("../../../packages/server/dist/main.js", import.meta.url));

/** One round without a core of its own: what it measures says nothing, but that it measures. */
export const smoke: Context = {
  ...{ rounds: 1, pinned: false, openFilesMax: 1024 },
  from: isBuilt ? "dist" : "source",
  say: () => {},
};

/** Every figure of a report is a number: nothing that was to be measured is missing. */
export function figuresOf(data: unknown): number[] {
  if (typeof data === "number" || data === null) return [data ?? Number.NaN];
  return typeof data === "object" ? Object.values(data).flatMap(figuresOf) : [];
}
