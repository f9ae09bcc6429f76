import type { Store, StoredSummary } from "@echoo/core";
import { type CallSide, reportedStats } from "@echoo/protocol";
import { z } from "zod";

const reportedFields = z.object(reportedStats).partial();

/** Samples of a call shown at once: 12 hours at one every 2 s. */
const maxSamples = 21_600;

/** What each side of a call measured and said, one after the other; sides without either are left out. */
export async function* callSides(
  store: Store,
  callId: string,
  parties: { readonly caller: string; readonly callee: string },
): AsyncIterable<CallSide> {
  const summaries = await store.statistics.summaries([callId]);
  for (const role of ["caller", "callee"] as const) {
    const side = await callSide(store, callId, role, parties[role], summaries);
    if (side !== undefined) yield side;
  }
}

/** One side, or undefined where it has no statistics. */
export async function callSide(
  store: Store,
  callId: string,
  role: "caller" | "callee",
  phone: string,
  summaries: readonly StoredSummary[],
): Promise<CallSide | undefined> {
  const batches = await store.statistics.samples(callId, phone);
  const stored = summaries.find((each) => each.callId === callId && each.reporter === phone);
  if (stored === undefined && batches.length === 0) return undefined;
  const samples = batches.flatMap((batch) => batch.samples).sort((a, b) => a.t - b.t);
  const { summary } = stored ?? {};
  const reported = stored?.reported === undefined ? undefined : reportedOf(stored.reported);
  return {
    phone,
    role,
    ...(summary === undefined ? {} : { summary }),
    ...(reported === undefined ? {} : { reported }),
    samples: samples.slice(-maxSamples),
  };
}

/** Stored as the client's own JSON; what an older version let through and this one does not is left out. */
export function reportedOf(json: string): CallSide["reported"] {
  const result = reportedFields.safeParse(JSON.parse(json));
  return result.success ? result.data : undefined;
}
