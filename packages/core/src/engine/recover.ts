import type { Call } from "../call/call.ts";
import { readBody, UnusableBody } from "../journal/read-body.ts";
import type { LiveCallEntry, TombstoneEntry } from "../ports/journal.ts";
import type { EngineState } from "./engine-state.ts";

/** Calls that are written together, so that neither a transaction nor what waits for it grows with their number. */
const recoveredAtOnce = 256;

/**
 * Reads back what the last process left. Each entry is read once and let go of, each call is told once of the restart,
 * and each has its timer from then on, so that what a start takes is in proportion to the calls. An entry of which
 * nothing can be made is set aside, and ends nothing but itself.
 */
export function recover(state: EngineState): void {
  const { journal } = state.options;
  const { live, ended, beat } = journal.load();
  if (beat) state.timeline.resume(beat);
  const nowMs = state.steady();
  for (const entry of ended) remember(state, "ended", entry);
  let unwritten = 0;
  for (const entry of live) {
    if (!remember(state, "live", entry)) continue;
    state.applyToCall(entry.callId, { type: "restarted", nowMs, provenAtMs: beat?.steadyMs ?? 0 });
    unwritten += 1;
    if (unwritten < recoveredAtOnce) continue;
    state.delivery.flush();
    unwritten = 0;
  }
  state.delivery.flush();
}

function remember(state: EngineState, kind: "live" | "ended", entry: LiveCallEntry | TombstoneEntry): boolean {
  const { journal, observer } = state.options;
  try {
    const call = callOf(state, kind, entry);
    state.arbiter.restore(call);
    state.created.note(call.createdAtMs);
    return true;
  } catch (error) {
    try {
      journal.setCallAside(kind, entry.callId, error);
    } catch (fault) {
      // It stays where it is, and the next start looks at it again.
      observer.journalFailed(fault);
    }
    return false;
  }
}

function callOf({ arbiter }: EngineState, kind: "live" | "ended", { callId, body }: LiveCallEntry): Call {
  const call = readBody(kind, body);
  if (call.id !== callId) throw new UnusableBody("its id is another than that of its entry");
  if (arbiter.calls.get(callId)?.id === callId) throw new UnusableBody("another entry has its call");
  return call;
}
