import type { CallIndex } from "../../arbiter/call-index.ts";
import type { CallInput } from "../../call/input.ts";
import { holdsLeg } from "../../call/legs.ts";
import type { Steady } from "../../ports/clock.ts";
import type { Session } from "../sessions/session.ts";

/** A client's first question for the users comes with its join; one later than this is asked by its dial screen. */
const joiningMs = 2_000;

/** What the sight of a dial screen needs of the engine. */
interface DialScreenContext {
  readonly calls: Pick<CallIndex, "ofSession">;
  steady(): Steady;
  applyToCall(callId: string, input: CallInput): void;
}

/**
 * A client that shows one call asks for the users when its dial screen is in front. So its screen of a call is gone,
 * whatever it could say of that, and a ring that came before may not have been heard.
 */
export class DialScreen {
  readonly #state: DialScreenContext;

  constructor(state: DialScreenContext) {
    this.#state = state;
  }

  /** The session has asked for the users. */
  asked(session: Session): void {
    const nowMs = this.#state.steady();
    if (session.can.namesCalls || nowMs - session.joinedAtMs <= joiningMs) return;
    for (const call of this.#state.calls.ofSession(session.id)) {
      const input = holdsLeg(call, session.id)
        ? // As if its hangup had come; it is not told of an end that its user brought about.
          ({ type: "gone", by: { user: session.user, session: session.id, wantsAck: true } } as const)
        : ({ type: "ringAgain" } as const);
      this.#state.applyToCall(call.id, { ...input, nowMs, session: session.id });
    }
  }
}
