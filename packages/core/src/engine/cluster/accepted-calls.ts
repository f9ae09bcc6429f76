import type { ChangedCall } from "../../arbiter/call-arbiter.ts";
import type { Call } from "../../call/call.ts";

/** States that count since the journal was last told: the newest of each call, with what it was before. */
export class AcceptedCalls {
  readonly #changes = new Map<string, ChangedCall>();

  add(call: Call, before: Call | undefined): void {
    const earlier = this.#changes.get(call.id);
    const state = earlier ? earlier.before : before?.state;
    this.#changes.set(call.id, state === undefined ? { call } : { call, before: state });
  }

  take(): ChangedCall[] {
    const changes = [...this.#changes.values()];
    this.#changes.clear();
    return changes;
  }
}
