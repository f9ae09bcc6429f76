import type { Instant, Steady } from "../ports/clock.ts";
import type { Call } from "./call.ts";

/** What journals of before the steady clock lack: the wall clock was both clocks then. */
type Journaled = Call & { readonly placedAtMs?: Steady; readonly createdAtMs?: Instant };

/** A call as the journal has it. */
export function journaledCall(body: string): Call {
  const call = JSON.parse(body) as Journaled;
  if (call.state === "ended") return { ...call, createdAtMs: call.createdAtMs ?? call.endedAtMs };
  return { ...call, placedAtMs: call.placedAtMs ?? call.createdAtMs };
}
