import type { ReceivedReport, StoredTimeline } from "../ports/told/reports.ts";
import { mergeTimelines } from "./merge-timeline.ts";
import type { Timeline } from "./verdict.ts";

/** The timeline of a side with one more report in it. */
export function withReport(found: StoredTimeline | undefined, report: ReceivedReport): StoredTimeline {
  const { callId, reporter, receivedAtMs, events, sentAtMs } = report;
  const told: Timeline = { events, ...(sentAtMs === undefined ? {} : { shiftMs: receivedAtMs - sentAtMs }) };
  const lastAtMs = Math.max(receivedAtMs, found?.receivedAtMs ?? receivedAtMs);
  return { callId, reporter, receivedAtMs: lastAtMs, ...mergeTimelines(found ?? { events: [] }, told) };
}
