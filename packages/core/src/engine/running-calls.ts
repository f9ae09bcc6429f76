import { type Call, isAnswered, type UnfinishedCall } from "../call/call.ts";
import type { RunningCall, RunningControl, RunningFigures, SideNow } from "../ports/admin/running-control.ts";
import type { QualityWarning } from "../quality/warnings.ts";
import type { EngineState } from "./engine-state.ts";

type RunningState = Pick<EngineState, "applyToCall" | "calls" | "delivery" | "quality" | "steady">;

/** Calls under way as an administrator sees them. One that its callee knows nothing of looks like any that rings. */
export class RunningCalls implements RunningControl {
  readonly #state: RunningState;

  constructor(state: RunningState) {
    this.#state = state;
  }

  get figures(): RunningFigures {
    const states = { calling: 0, ringing: 0, connecting: 0, active: 0, reconnecting: 0 };
    for (const call of this.#state.calls.unfinished()) states[call.state] += 1;
    const mos: number[] = [];
    const warnings: Partial<Record<QualityWarning, number>> = {};
    for (const side of this.#state.quality.sides()) {
      mos.push(side.mos);
      for (const warning of side.warnings) warnings[warning] = (warnings[warning] ?? 0) + 1;
    }
    return { states, mos, warnings };
  }

  list(limit: number): readonly RunningCall[] {
    return [...this.#state.calls.unfinished()]
      .sort((a, b) => b.createdAtMs - a.createdAtMs)
      .slice(0, limit)
      .map((call) => this.#shown(call));
  }

  find(callId: string): RunningCall | undefined {
    const call: Call | undefined = this.#state.calls.get(callId);
    return call && call.state !== "ended" ? this.#shown(call) : undefined;
  }

  end(callId: string): boolean {
    const call = this.#state.calls.get(callId);
    if (call === undefined || call.state === "ended") return false;
    this.#state.applyToCall(call.id, { type: "adminEnd", nowMs: this.#state.steady() });
    this.#state.delivery.flush();
    return true;
  }

  #shown(call: UnfinishedCall): RunningCall {
    const { id: callId, caller, callee, isVideo, state, createdAtMs } = call;
    // Lengths are by the steady clock, and what is told is by the wall clock.
    const answered = isAnswered(call)
      ? {
          answeredAtMs: createdAtMs + (call.answeredAtMs - call.placedAtMs),
          calleeDevice: call.calleeLeg.device,
        }
      : {};
    const sides: SideNow[] = [...this.#state.quality.sides(callId)];
    return {
      callId,
      caller,
      callee,
      isVideo,
      state,
      createdAtMs,
      callerDevice: call.callerLeg.device,
      sides,
      ...answered,
    };
  }
}
