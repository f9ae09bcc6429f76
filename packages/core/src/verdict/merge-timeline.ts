import { limits, type ReportEvent } from "@echoo/protocol";
import type { Timeline } from "./verdict.ts";

/**
 * What is kept of two parts of one side's timeline: the first events and the newest, by their number, within their bounds.
 * Whatever the order in which parts come, and however often, the result of all of them is the same.
 */
export function mergeTimelines(one: Timeline, other: Timeline): Timeline {
  const byNumber = new Map<number, ReportEvent>();
  for (const event of [...one.events, ...other.events]) {
    const known = byNumber.get(event.n);
    // Two that contradict each other about one number have an order all the same.
    if (known === undefined || JSON.stringify(event) < JSON.stringify(known)) byNumber.set(event.n, event);
  }
  const events = [...byNumber.values()].sort((a, b) => a.n - b.n);
  const first = fitting(events, limits.firstReportEvents, limits.firstReportChars);
  const newest = fitting(events.toReversed(), limits.newestReportEvents, limits.newestReportChars);
  const kept = new Set([...first, ...newest]);
  const shifts = [one.shiftMs, other.shiftMs].filter((ms) => ms !== undefined);
  return {
    events: events.filter((event) => kept.has(event)),
    ...(shifts.length === 0 ? {} : { shiftMs: Math.min(...shifts) }),
  };
}

/** How many events of a side are not there: they were counted and not kept, or never came. */
export function missingEvents({ events }: Timeline): number {
  const last = events.at(-1);
  return last === undefined ? 0 : last.n + 1 - events.length;
}

/** From the start as many as fit. It ends at the first that does not, so that what came earlier decides alone. */
function fitting(events: readonly ReportEvent[], maxEvents: number, maxChars: number): readonly ReportEvent[] {
  let chars = 0;
  const end = events.slice(0, maxEvents).findIndex((event) => {
    chars += JSON.stringify(event).length + 1;
    return chars > maxChars;
  });
  return events.slice(0, end === -1 ? maxEvents : end);
}
