import { isRinging } from "../../call/call.ts";
import type { CallInput, Sender, TimelessInput } from "../../call/input.ts";
import { holdsLeg } from "../../call/legs.ts";
import type { Steady } from "../../ports/clock.ts";
import type { Link } from "../../ports/link.ts";
import type { Observer } from "../../ports/observer.ts";
import type { Services } from "../../ports/services.ts";
import type { PresenceBoard } from "../../presence/presence-board.ts";
import type { Delivery } from "../delivery.ts";
import type { EngineOptions } from "../engine-options.ts";
import type { UserLists } from "../user-lists.ts";
import type { Session } from "./session.ts";
import type { SessionRegistry } from "./session-registry.ts";
import { type TokenContext, TokenLife } from "./token-life.ts";

/** How long a page may take to be loaded anew before its calls end as hung up. */
export const pageReturnMs = 10_000;

/** How long a session whose device joins anew may take to show that it is another tab, and not what a page left. */
export const proofMs = 5_000;

type Over = "left" | "expired" | "replaced" | "revoked";

/** What the loss and the end of sessions need of the engine. */
interface SessionContext extends TokenContext {
  readonly options: TokenContext["options"] & {
    readonly deadlines: Pick<EngineOptions["deadlines"], "resumeMs">;
    readonly observer: Pick<Observer, "sessionLost" | "sessionOver">;
    readonly services: Pick<Services, "wasSeen">;
  };
  readonly sessions: Pick<SessionRegistry, "isOnline">;
  readonly presence: Pick<PresenceBoard<Session>, "unwatch">;
  readonly userLists: Pick<UserLists, "remove">;
  readonly delivery: Pick<Delivery, "flush">;
  steady(): Steady;
  removeSession(session: Session): void;
  presenceChanged(user: string): void;
  applyToCall(callId: string, input: CallInput): void;
  /** Gives an input to all calls that a session takes part in, wherever they are decided. */
  happened(session: string, input: TimelessInput): void;
  /** A session's right to be here is gone: so are its calls that other nodes decide. */
  revokedElsewhere(session: string): void;
}

/** Sockets come and go; sessions outlive them for the resume time. */
export class SessionLife {
  readonly tokens: TokenLife;
  readonly #state: SessionContext;
  readonly #expiries = new Map<Session, () => void>();
  readonly #proofs = new Map<Session, () => void>();

  constructor(state: SessionContext) {
    this.#state = state;
    this.tokens = new TokenLife(state, (session) => this.revoke(session));
  }

  /** Puts a session on a new socket. An older one that still looks alive is closed; that is no loss. */
  attach(session: Session, link: Link): void {
    const older = session.link;
    session.link = link;
    session.network = link.network;
    session.lostAtMs = undefined;
    this.#cancelExpiry(session);
    if (older && older !== link) older.close(4409);
  }

  /**
   * The socket is gone, and was silent for so long. A late end of one that was replaced touches nothing. `left`: its page
   * said that it goes away, and its media goes with it; it may be loaded anew, which takes no longer than a moment.
   */
  lost(session: Session, link: Link, silentMs: number, left = false): void {
    // Nor does the end of a socket whose session is over: it would be lost, and expire, once more.
    if (session.link !== link || session.isOver) return;
    const nowMs = this.#state.steady();
    const provenAtMs = nowMs - silentMs;
    session.link = undefined;
    session.lostAtMs = nowMs;
    session.provenAtMs = provenAtMs;
    // Before anything that may fail: a session without a link and without this timer would be there for ever.
    const { clock, deadlines } = this.#state.options;
    const isPage = left && session.can.resumes;
    const returnsInMs = Math.min(pageReturnMs, deadlines.resumeMs);
    this.#expiries.set(
      session,
      isPage
        ? clock.after(returnsInMs, () => this.end(session, "expired"))
        : clock.after(deadlines.resumeMs, () => this.#expire(session)),
    );
    if (isPage) this.#cancelRings(session);
    const lost = { type: "lost", session: session.id, provenAtMs } as const;
    this.#state.happened(session.id, isPage ? { ...lost, returnsInMs } : lost);
    this.#state.options.observer.sessionLost(session);
  }

  /** Ends the session and, as its leg's hangup, its calls. */
  end(session: Session, why: Over, by?: Sender): void {
    this.#state.happened(session.id, { type: "gone", session: session.id, ...(by ? { by } : {}) });
    this.#remove(session, why);
  }

  /** The session is no more, while its calls go on with another. */
  drop(session: Session, why: Over): void {
    const { link } = session;
    session.link = undefined;
    link?.close(4409);
    this.#state.happened(session.id, { type: "sessionExpired", session: session.id });
    this.#remove(session, why);
  }

  /** The session is no more, and its client comes again: its calls wait for that. */
  cut(session: Session): void {
    const { link } = session;
    session.link = undefined;
    const provenAtMs = session.lostAtMs === undefined ? this.#state.steady() : session.provenAtMs;
    this.#state.happened(session.id, { type: "lost", session: session.id, provenAtMs });
    this.#state.happened(session.id, { type: "sessionExpired", session: session.id });
    this.#remove(session, "replaced");
    link?.close(1012);
  }

  /**
   * Its device has joined anew, and its socket looks alive: several tabs may share one device id, and all are well, but
   * one that shows no sign of life is what a page left behind. It ends, and its calls with it, as one whose end was seen.
   */
  askForProof(session: Session): void {
    if (this.#proofs.has(session)) return;
    const askedAtMs = this.#state.steady();
    const judge = () => {
      this.#proofs.delete(session);
      const { link } = session;
      // Its signs of life wait unread with the rest; its pings will tell.
      if (link && !link.isReading) return;
      const provenAtMs = link ? this.#state.steady() - link.silentMs : session.provenAtMs;
      if (provenAtMs > askedAtMs) return;
      session.link = undefined;
      this.end(session, "replaced");
      link?.close(4409);
    };
    this.#proofs.set(session, this.#state.options.clock.after(proofMs, judge));
    session.link?.ping();
  }

  /** Its right to be here is gone: its calls end, its socket is closed. */
  revoke(session: Session): void {
    const nowMs = this.#state.steady();
    for (const call of this.#state.calls.ofSession(session.id)) {
      const input = holdsLeg(call, session.id)
        ? ({ type: "adminEnd", nowMs } as const)
        : ({ type: "gone", nowMs, session: session.id } as const);
      this.#state.applyToCall(call.id, input);
    }
    this.#state.revokedElsewhere(session.id);
    this.#state.delivery.flush();
    const { link } = session;
    this.#remove(session, "revoked");
    link?.close(4401);
  }

  stop(): void {
    for (const cancel of this.#expiries.values()) cancel();
    this.#expiries.clear();
    for (const cancel of this.#proofs.values()) cancel();
    this.#proofs.clear();
    this.tokens.stop();
  }

  /** A ring that a page placed cannot be answered by the next one. */
  #cancelRings(session: Session): void {
    for (const call of this.#state.calls.ofSession(session.id)) {
      if (!isRinging(call) || !holdsLeg(call, session.id)) continue;
      this.#state.applyToCall(call.id, { type: "gone", nowMs: this.#state.steady(), session: session.id });
    }
  }

  #expire(session: Session): void {
    this.#state.happened(session.id, { type: "sessionExpired", session: session.id });
    this.#remove(session, "expired");
  }

  #remove(session: Session, why: Over): void {
    const { sessions, presence, options } = this.#state;
    session.isOver = true;
    this.#cancelExpiry(session);
    this.#proofs.get(session)?.();
    this.#proofs.delete(session);
    this.tokens.forget(session);
    this.#state.removeSession(session);
    presence.unwatch(session, [...session.watched.keys()]);
    this.#state.userLists.remove(session);
    options.observer.sessionOver(session, why);
    this.#state.presenceChanged(session.user);
    if (sessions.isOnline(session.user)) return;
    const awayMs = session.lostAtMs === undefined ? 0 : this.#state.steady() - session.lostAtMs;
    options.services.wasSeen(session.user, this.#state.now() - awayMs);
  }

  #cancelExpiry(session: Session): void {
    this.#expiries.get(session)?.();
    this.#expiries.delete(session);
  }
}
