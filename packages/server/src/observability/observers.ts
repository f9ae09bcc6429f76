import type { Call, CallState, EndedCall, Observer, SessionFacts } from "@echoo/core";

/** Who hears of calls besides the log. */
type CallListener = Pick<Observer, "callChanged">;

/** Tells the log of everything, and the others of calls. None of them throws. */
export class Observers implements Observer {
  readonly #log: Observer;
  readonly #listeners: readonly CallListener[];

  constructor(log: Observer, listeners: readonly CallListener[]) {
    this.#log = log;
    this.#listeners = listeners;
  }

  sessionJoined(session: SessionFacts, kind: "new" | "resumed" | "rebound"): void {
    this.#log.sessionJoined(session, kind);
  }

  sessionLost(session: SessionFacts): void {
    this.#log.sessionLost(session);
  }

  sessionOver(session: SessionFacts, why: Parameters<Observer["sessionOver"]>[1]): void {
    this.#log.sessionOver(session, why);
  }

  callChanged(call: Call, before: CallState | undefined): void {
    this.#log.callChanged(call, before);
    for (const listener of this.#listeners) listener.callChanged(call, before);
  }

  callEnded(record: EndedCall): void {
    this.#log.callEnded(record);
  }

  journalFailed(error: unknown): void {
    this.#log.journalFailed(error);
  }

  fault(error: unknown, callId?: string): void {
    this.#log.fault(error, callId);
  }
}
