import { type Call, type CallState, type EndedCall, enderOf, type Observer, type SessionFacts } from "@echoo/core";
import { countsAsMissed } from "@echoo/protocol";
import type { Logger } from "./logging.ts";
import type { Metrics } from "./metrics.ts";
import type { RecentCalls } from "./recent-calls.ts";

interface CallLogParts {
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly recent: Pick<RecentCalls, "ended" | "setUp">;
  readonly isJournalWell: () => boolean;
}

/** Writes one line for each transition, and counts. Numbers are shortened by the log itself. */
export class CallLog implements Observer {
  readonly #logger: Logger;
  readonly #metrics: Metrics;
  readonly #recent: CallLogParts["recent"];
  readonly #isJournalWell: () => boolean;
  #isJournalBroken = false;
  #sessions = 0;

  constructor({ logger, metrics, recent, isJournalWell }: CallLogParts) {
    this.#logger = logger;
    this.#metrics = metrics;
    this.#recent = recent;
    this.#isJournalWell = isJournalWell;
  }

  /** Sessions that are connected or can be resumed. */
  get sessions(): number {
    return this.#sessions;
  }

  sessionJoined(session: SessionFacts, kind: "new" | "resumed" | "rebound"): void {
    // A rebound one is new, and takes the place of one that ends.
    if (kind !== "resumed") this.#sessions += 1;
    this.#logger.info({ session: shortId(session.id), user: session.user, kind }, "session joined");
  }

  sessionLost(session: SessionFacts): void {
    this.#logger.info({ session: shortId(session.id), user: session.user }, "session lost its socket");
  }

  sessionOver(session: SessionFacts, why: string): void {
    this.#sessions -= 1;
    this.#logger.info({ session: shortId(session.id), user: session.user, why }, "session over");
  }

  callChanged(call: Call, before: CallState | undefined): void {
    this.#noteJournal();
    if (call.state === before || call.state === "ended") return;
    const { id, caller, callee, state } = call;
    this.#logger.info({ callId: id, caller, callee, state, before }, "call changed");
    if (state === "active" && call.connectedAtMs !== undefined && before !== "reconnecting") {
      const lengthMs = call.connectedAtMs - call.placedAtMs;
      this.#metrics.callSetUp(lengthMs / 1000);
      this.#recent.setUp(lengthMs);
    }
  }

  callEnded(record: EndedCall): void {
    const { callId, caller, callee, endReason, durationSec } = record;
    const [endedBy, durationMs] = [enderOf(record), durationSec * 1000];
    this.#logger.info({ callId, caller, callee, reason: endReason, endedBy, durationMs }, "call ended");
    this.#recent.ended(endReason);
    const isAnswered = record.answeredAtMs !== undefined;
    this.#metrics.callEnded(endReason, isAnswered && !countsAsMissed(endReason, isAnswered));
  }

  journalFailed(error: unknown): void {
    // Once for each time it breaks: a full disk fails many times a second.
    if (this.#isJournalBroken) return;
    this.#isJournalBroken = true;
    this.#logger.error({ err: error }, "the journal cannot be written: calls go on, a crash now would forget them");
  }

  fault(error: unknown, callId?: string): void {
    this.#logger.error({ err: error, callId }, "a broken invariant; its call was ended");
  }

  #noteJournal(): void {
    if (!this.#isJournalBroken || !this.#isJournalWell()) return;
    this.#isJournalBroken = false;
    this.#logger.info("the journal can be written again");
  }
}

/** Enough to follow a session in the log, too little to resume it. */
function shortId(id: string): string {
  return id.slice(0, 6);
}
