import type { ServerMessage } from "@echoo/protocol";
import type { CallIndex } from "../../arbiter/call-index.ts";
import type { Call } from "../../call/call.ts";
import { holdsLeg } from "../../call/legs.ts";
import type { Clock, Instant } from "../../ports/clock.ts";
import type { EngineOptions } from "../engine-options.ts";
import type { Session } from "./session.ts";
import type { TokenExpiry } from "./token-expiry.ts";

/** How long before the end a client is told of it. */
const noticeMs = 60_000;
/** How often `look` is to be called. */
export const lookEveryMs = 60_000;

/** What following the ends of tokens needs of the engine. */
export interface TokenContext {
  readonly calls: Pick<CallIndex, "ofSession">;
  readonly options: { readonly clock: Pick<Clock, "after">; readonly defer: EngineOptions["defer"] };
  now(): Instant;
  send(session: Session, message: ServerMessage): void;
}

/**
 * The end of each session's token. Its client hears of it a minute before. A session whose token ran out is over, but
 * for one whose calls are spared: it stays, for these calls alone, until the last of them has ended. Tokens end by the
 * wall clock, which may be set at any time: only what is to happen within a minute has a timer, which looks again when
 * it fires, and everything else is looked at each minute.
 */
export class TokenLife {
  readonly #state: TokenContext;
  readonly #end: (session: Session) => void;
  readonly #followed = new Map<Session, TokenExpiry>();
  readonly #timers = new Map<Session, () => void>();
  readonly #told = new WeakSet<TokenExpiry>();
  /** By their ids. */
  readonly #spared = new Map<string, Session>();

  constructor(state: TokenContext, end: (session: Session) => void) {
    this.#state = state;
    this.#end = end;
  }

  /** The session is new, is back, or has another token: from now on its end is that of its token. */
  follow(session: Session): void {
    this.forget(session);
    const { expiry } = session;
    if (!expiry) return;
    this.#told.delete(expiry);
    this.#followed.set(session, expiry);
    this.#wait(session, expiry);
  }

  forget(session: Session): void {
    this.#followed.delete(session);
    this.#spared.delete(session.id);
    this.#cancel(session);
  }

  /** Call every minute: whatever was done to the clock, no session outlives its token by more than that. */
  look(): void {
    for (const [session, expiry] of [...this.#followed]) {
      if (this.#followed.get(session) === expiry) this.#wait(session, expiry);
    }
  }

  /** A session whose calls are spared is over with the last of them. */
  callsChanged(calls: readonly Call[]): void {
    if (this.#spared.size === 0) return;
    for (const call of calls) {
      // Nothing but its end takes a session that holds a leg out of a call: one whose leg goes to another is over.
      if (call.state !== "ended") continue;
      for (const device of call.devices) this.#spareNoMore(this.#spared.get(device.session));
    }
  }

  stop(): void {
    for (const session of [...this.#followed.keys()]) this.forget(session);
  }

  #wait(session: Session, expiry: TokenExpiry): void {
    this.#cancel(session);
    const inMs = expiry.atMs - this.#state.now();
    if (inMs <= 0) {
      this.#expired(session, expiry);
      return;
    }
    const isNear = inMs <= noticeMs;
    // Where the clock was set back, the notice was too early, and comes once more in time.
    if (!isNear) this.#told.delete(expiry);
    if (isNear && !this.#told.has(expiry)) {
      this.#told.add(expiry);
      this.#state.send(session, { type: "tokenExpiring", inMs });
    }
    const delayMs = isNear ? inMs : inMs - noticeMs;
    if (delayMs > lookEveryMs) return;
    const cancel = this.#state.options.clock.after(delayMs, () => {
      this.#timers.delete(session);
      this.#wait(session, expiry);
    });
    this.#timers.set(session, cancel);
  }

  #cancel(session: Session): void {
    this.#timers.get(session)?.();
    this.#timers.delete(session);
  }

  #expired(session: Session, expiry: TokenExpiry): void {
    if (expiry.sparesCalls && this.#isInCall(session)) this.#spared.set(session.id, session);
    else this.#end(session);
  }

  /** Not at once: the messages about a call's end, and the answer to the client that ended it, leave first. */
  #spareNoMore(session: Session | undefined): void {
    if (!session || this.#isInCall(session)) return;
    this.#spared.delete(session.id);
    this.#state.options.defer(() => {
      const { expiry } = session;
      if (!session.isOver && expiry && expiry.atMs <= this.#state.now()) this.#expired(session, expiry);
    });
  }

  #isInCall(session: Session): boolean {
    return this.#state.calls.ofSession(session.id).some((call) => holdsLeg(call, session.id));
  }
}
