import type { CallArbiter } from "../arbiter/call-arbiter.ts";
import type { CallIndex } from "../arbiter/call-index.ts";
import type { Call } from "../call/call.ts";
import type { CallInput } from "../call/input.ts";
import { readBody, readLoaded } from "../journal/read-body.ts";
import { UnusableBody } from "../journal/unusable-body.ts";
import type { Steady } from "../ports/clock.ts";
import type { Journal, LoadedCall, TombstoneEntry } from "../ports/journal.ts";
import type { Observer } from "../ports/observer.ts";
import type { RisingInstant } from "../time/rising-instant.ts";
import type { Timeline } from "../time/timeline.ts";
import type { Delivery } from "./delivery.ts";
import type { PushDispatcher } from "./push/push-dispatcher.ts";

/** Calls that are written together, so that neither a transaction nor what waits for it grows with their number. */
const recoveredAtOnce = 256;

/** What reading back needs of the engine. */
interface RecoveryContext {
  readonly options: {
    readonly journal: Pick<Journal, "load" | "setCallAside">;
    readonly observer: Pick<Observer, "journalFailed">;
  };
  readonly calls: Pick<CallIndex, "get">;
  readonly arbiter: Pick<CallArbiter, "restore">;
  readonly timeline: Pick<Timeline, "resume">;
  readonly created: Pick<RisingInstant, "note">;
  readonly delivery: Pick<Delivery, "flush" | "restored">;
  readonly push: Pick<PushDispatcher, "screen">;
  steady(): Steady;
  applyToCall(callId: string, input: CallInput): void;
}

/**
 * Reads back what the last process left. Each entry is read once and let go of, each call is told once of the restart,
 * and each has its timer from then on, so that what a start takes is in proportion to the calls. An entry of which
 * nothing can be made is set aside, and ends nothing but itself.
 */
export function recover(state: RecoveryContext): void {
  const { journal } = state.options;
  const { live, ended, beat } = journal.load();
  if (beat) state.timeline.resume(beat);
  const nowMs = state.steady();
  const indebted: string[] = [];
  for (const entry of ended) {
    if (remember(state, "ended", entry) && owesPushes(state.calls.get(entry.callId))) indebted.push(entry.callId);
  }
  let unwritten = 0;
  for (const entry of live) {
    if (!remember(state, "live", entry)) continue;
    const left = state.calls.get(entry.callId);
    if (entry.since && left && left.state !== "ended") state.delivery.restored(left, entry.since);
    state.applyToCall(entry.callId, { type: "restarted", nowMs, provenAtMs: beat?.steadyMs ?? 0 });
    unwritten += 1;
    const call = state.calls.get(entry.callId);
    if (call) state.push.screen(call);
    if (unwritten < recoveredAtOnce) continue;
    state.delivery.flush();
    unwritten = 0;
  }
  // What devices were still to be told when the last process died.
  for (const callId of indebted) state.applyToCall(callId, { type: "restarted", nowMs, provenAtMs: nowMs });
  state.delivery.flush();
}

function owesPushes(call: Call | undefined): boolean {
  return call?.pushes?.some(({ ring, stop }) => ring === "pushing" || (stop && stop.standing !== "done")) ?? false;
}

function remember(state: RecoveryContext, kind: "live" | "ended", entry: LoadedCall | TombstoneEntry): boolean {
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

function callOf({ calls }: RecoveryContext, kind: "live" | "ended", entry: LoadedCall | TombstoneEntry): Call {
  const { callId } = entry;
  const call = kind === "live" ? readLoaded(entry) : readBody(kind, entry.body);
  if (call.id !== callId) throw new UnusableBody("its id is another than that of its entry");
  if (calls.get(callId)?.id === callId) throw new UnusableBody("another entry has its call");
  return call;
}
