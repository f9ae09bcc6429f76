import { missingEvents, type Pause, type Store, type StoredSummary, type StoredTimeline } from "@echoo/core";
import { type CallSide, reportedStats } from "@echoo/protocol";
import { z } from "zod";
import { shownSamples } from "./shown-samples.ts";

const reportedFields = z.object(reportedStats).partial();

/** For administrators, who see what happened on both sides. */
export const everyside = Symbol("every side");

export interface CallSideDeps {
  readonly store: Pick<Store, "statistics" | "reports">;
  /** Ends a step of long work. */
  readonly pause: Pause;
}

/** What each side of a call measured and said, one after the other; sides without either are left out. */
export async function* callSides(
  deps: CallSideDeps,
  callId: string,
  parties: { readonly caller: string; readonly callee: string },
  viewer: string | typeof everyside,
): AsyncIterable<CallSide> {
  const [summaries, timelines] = await Promise.all([
    deps.store.statistics.summaries([callId]),
    deps.store.reports.timelines([callId]),
  ]);
  // What happened on a side is for its own user, and for administrators.
  const own = timelines.filter(({ reporter }) => viewer === everyside || reporter === viewer);
  for (const role of ["caller", "callee"] as const) {
    const side = await callSide(deps, { callId, role, phone: parties[role] }, summaries, own);
    if (side !== undefined) yield side;
  }
}

/** One side, or undefined where it has no statistics. */
export async function callSide(
  deps: CallSideDeps,
  { callId, role, phone }: { readonly callId: string; readonly role: CallSide["role"]; readonly phone: string },
  summaries: readonly StoredSummary[],
  timelines: readonly StoredTimeline[],
): Promise<CallSide | undefined> {
  const samples = await shownSamples(deps, { callId, reporter: phone });
  const stored = summaries.find((each) => each.callId === callId && each.reporter === phone);
  const timeline = timelines.find((each) => each.callId === callId && each.reporter === phone);
  if (stored === undefined && timeline === undefined && samples.length === 0) return undefined;
  const { summary } = stored ?? {};
  const reported = stored?.reported === undefined ? undefined : reportedOf(stored.reported);
  return {
    phone,
    role,
    ...(summary === undefined ? {} : { summary }),
    ...(reported === undefined ? {} : { reported }),
    ...(timeline === undefined ? {} : { report: reportBody(timeline) }),
    samples,
  };
}

function reportBody(timeline: StoredTimeline): NonNullable<CallSide["report"]> {
  const { events, shiftMs } = timeline;
  return { events: [...events], missing: missingEvents(timeline), ...(shiftMs === undefined ? {} : { shiftMs }) };
}

/** Stored as the client's own JSON; what an older version let through and this one does not is left out. */
export function reportedOf(json: string): CallSide["reported"] {
  const result = reportedFields.safeParse(JSON.parse(json));
  return result.success ? result.data : undefined;
}
