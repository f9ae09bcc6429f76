import type { Clock, Steady, Store, StoredCall } from "@echoo/core";
import { recordBounds } from "../record-bounds.ts";

export interface VerdictNoticesOptions {
  readonly store: Pick<Store, "calls">;
  readonly clock: Clock;
  /** A call's verdict, once for each call: 60 s after its end, when most of what is told of it has come. */
  readonly onVerdict: (call: StoredCall) => void;
  readonly onFault: (error: unknown, callId: string) => void;
}

interface Waiting {
  readonly callId: string;
  readonly dueAtMs: Steady;
}

/** Tells of verdicts a while after the ends of their calls. What waits when the process ends is not told of. */
export class VerdictNotices {
  readonly #options: VerdictNoticesOptions;
  readonly #maxWaiting: number;
  /** In the order in which they are due. */
  readonly #waiting = new Map<string, Waiting>();
  #cancelTimer: (() => void) | undefined;

  /** A test may lower the bound. */
  constructor(options: VerdictNoticesOptions, maxWaiting: number = recordBounds.waitingVerdicts) {
    this.#options = options;
    this.#maxWaiting = maxWaiting;
  }

  /** A call got its first verdict. Past the bound the oldest is told of at once. */
  add({ callId, endedAtMs }: StoredCall): void {
    const { clock } = this.#options;
    const sinceEndMs = Math.max(0, clock.now() - endedAtMs);
    const waitMs = Math.max(0, recordBounds.verdictAfterMs - sinceEndMs);
    this.#waiting.set(callId, { callId, dueAtMs: clock.steady() + waitMs });
    const [oldest] = this.#waiting.keys();
    if (this.#waiting.size > this.#maxWaiting && oldest !== undefined) this.#tell(oldest);
    this.#cancelTimer ??= clock.after(waitMs, () => this.#tellDue());
  }

  stop(): void {
    this.#cancelTimer?.();
    this.#waiting.clear();
  }

  #tellDue(): void {
    const { clock } = this.#options;
    this.#cancelTimer = undefined;
    const nowMs = clock.steady();
    let nextMs: Steady | undefined;
    for (const { callId, dueAtMs } of [...this.#waiting.values()]) {
      if (dueAtMs <= nowMs) this.#tell(callId);
      else nextMs = Math.min(nextMs ?? dueAtMs, dueAtMs);
    }
    if (nextMs !== undefined) this.#cancelTimer = clock.after(nextMs - nowMs, () => this.#tellDue());
  }

  /** With the verdict that it has by now. */
  #tell(callId: string): void {
    const { store, onVerdict, onFault } = this.#options;
    this.#waiting.delete(callId);
    store.calls.find(callId).then(
      (call) => {
        if (call?.verdict !== undefined) onVerdict(call);
      },
      (error: unknown) => onFault(error, callId),
    );
  }
}
