import type { CallSummary, ClientMessageByType, ServerMessage } from "@echoo/protocol";
import type { UntoldEnd } from "../../arbiter/call-arbiter.ts";
import type { CallIndex } from "../../arbiter/call-index.ts";
import { fullAbilities, plainAbilities } from "../../call/abilities.ts";
import { isAnswered, type Leg, type RingingCall, type UnfinishedCall } from "../../call/call.ts";
import type { CallInput } from "../../call/input.ts";
import { legOf } from "../../call/legs.ts";
import { rangOn } from "../../call/offered-devices.ts";
import { plainEndMessage } from "../../call/phases/finish.ts";
import { relayPolicy } from "../../call/relay-only.ts";
import type { Instant, Steady } from "../../ports/clock.ts";
import type { Link } from "../../ports/link.ts";
import type { Observer } from "../../ports/observer.ts";
import type { Services } from "../../ports/services.ts";
import type { PresenceBoard } from "../../presence/presence-board.ts";
import { clientFacts } from "../../verdict/client-facts.ts";
import { callSummaries } from "../call-summaries.ts";
import type { Delivery } from "../delivery.ts";
import type { EngineOptions } from "../engine-options.ts";
import type { UserLists } from "../user-lists.ts";
import { knownDevice } from "./known-device.ts";
import { Session } from "./session.ts";
import type { SessionLife } from "./session-life.ts";
import { type SessionRegistry, sessionsPerUserMax } from "./session-registry.ts";
import type { TokenExpiry } from "./token-expiry.ts";
import type { TokenLife } from "./token-life.ts";

/** Who the authenticator says is joining. */
export interface JoinGrant {
  readonly userId: string;
  readonly tokenId?: string;
  /** Of one who did not send it: the session is to end with it. */
  readonly voucherId?: string;
  readonly expiry?: TokenExpiry;
  /** Whether the right to be here was lost since the authenticator looked. */
  readonly hasEnded?: () => boolean;
}

export type JoinRequest = Pick<ClientMessageByType<"join">, "deviceId" | "protocol" | "resume" | "client">;

/** The device name of clients that say none and keep one session a number. */
const nameless = "phone";

/**
 * Why there is no session: the right to be here has ended meanwhile, the user has as many as one may have, or the
 * database is away that says whom they blocked.
 */
export type JoinRefusal = "ended" | "full" | "unavailable";

/** What a join needs of the engine. */
interface JoinContext {
  readonly calls: Pick<
    CallIndex,
    "get" | "ofSession" | "heldBy" | "ringsTo" | "shownOn" | "unfinishedOf" | "recentlyFinishedOf"
  >;
  readonly sessions: Pick<SessionRegistry, "get" | "of" | "changeToken">;
  readonly options: Pick<EngineOptions, "icePolicy" | "pingMs"> & {
    readonly deadlines: Pick<EngineOptions["deadlines"], "resumeMs">;
    readonly observer: Pick<Observer, "sessionJoined">;
    readonly services: Pick<Services, "iceServers">;
  };
  readonly presence: Pick<PresenceBoard<Session>, "current">;
  readonly userLists: Pick<UserLists, "add">;
  readonly delivery: Pick<Delivery, "flush">;
  now(): Instant;
  steady(): Steady;
  sessionId(): string;
  addSession(session: Session): void;
  presenceChanged(user: string): void;
  takeUntold(user: string): readonly UntoldEnd[];
  applyToCall(callId: string, input: CallInput): void;
  send(session: Session, message: ServerMessage): void;
}

/** What becomes of the sessions that a join takes over or replaces. */
interface SessionChanges extends Pick<SessionLife, "attach" | "lost" | "end" | "drop" | "askForProof"> {
  readonly tokens: Pick<TokenLife, "follow">;
}

/** What a join comes to: a session taken over, its calls taken over by a new one, or just a new one. */
export class Joining {
  readonly #state: JoinContext;
  readonly #life: SessionChanges;

  constructor(state: JoinContext, life: SessionChanges) {
    this.#state = state;
    this.#life = life;
  }

  join(link: Link, admission: JoinGrant, request: JoinRequest): Session | JoinRefusal {
    // What waits for the end of the turn belongs to the sockets there are; a replay must not repeat it.
    this.#state.delivery.flush();
    if (isPlain(request)) return this.#joinPlain(link, admission, request);
    const named = this.#resumable(admission, request);
    const seq = request.resume?.seq;
    // One that names no `seq` was loaded anew and holds nothing: it is told everything as to a lost queue.
    const missed = named && seq !== undefined ? named.queue.after(seq, this.#state.steady()) : undefined;
    if (named && missed) return this.#resume(named, link, admission, missed);
    if (this.#isFull(admission.userId)) return "full";
    const asked = { ...request, deviceId: this.#deviceOf(admission.userId, request, named) };
    const session = this.#create(link, admission, asked, true);
    if (!request.resume) this.#replaceOlder(session, request.deviceId);
    this.#state.addSession(session);
    const rebound = this.#rebind(session, request.resume?.session, request.deviceId);
    if (named) {
      // A client that resumes on the socket that it has must not be told that another client did.
      if (named.link === link) named.link = undefined;
      this.#life.drop(named, "replaced");
    }
    this.#welcome(session, rebound);
    return session;
  }

  /** Whether a join concerns this node's own sessions alone: it takes one of them over, or cannot resume. */
  staysHere(admission: JoinGrant, request: JoinRequest): boolean {
    if (isPlain(request)) return true;
    const named = this.#resumable(admission, request);
    const seq = request.resume?.seq;
    return named !== undefined && seq !== undefined && named.queue.after(seq, this.#state.steady()) !== undefined;
  }

  /** A session that is not welcome yet: what it is told waits until other nodes have said what its calls are. */
  begin(link: Link, admission: JoinGrant, request: JoinRequest): Session | JoinRefusal {
    this.#state.delivery.flush();
    if (this.#isFull(admission.userId)) return "full";
    const named = this.#resumable(admission, request);
    const asked = { ...request, deviceId: this.#deviceOf(admission.userId, request, named) };
    const session = this.#create(link, admission, asked, true);
    session.link = undefined;
    if (!request.resume) this.#replaceOlder(session, request.deviceId);
    this.#state.addSession(session);
    return session;
  }

  /** It is welcome, and told what came meanwhile. */
  welcome(session: Session, link: Link, rebound: readonly string[], elsewhere: readonly CallSummary[]): void {
    this.#state.delivery.flush();
    session.link = link;
    const more = rebound.length === 0 ? {} : { rebound: [...rebound] };
    const joined = this.#joined(session, { resumed: false, ...more });
    link.send(joined.type === "joined" ? { ...joined, calls: [...joined.calls, ...elsewhere] } : joined);
    for (const message of session.queue.after(0, this.#state.steady()) ?? []) link.send(message);
    this.#state.presenceChanged(session.user);
    this.#state.options.observer.sessionJoined(session, rebound.length === 0 ? "new" : "rebound");
    this.#life.tokens.follow(session);
  }

  /** A join that failed half-way: its socket knows of no session but the former one, so no other may keep this link. */
  undo(link: Link, user: string, former: Session | undefined): void {
    for (const session of this.#state.sessions.of(user)) {
      if (session !== former && session.link === link) this.#life.lost(session, link, 0);
    }
  }

  /** A second join on one socket: what becomes of the session that it had, but for one that is now resumed. */
  leaveBehind(former: Session, link: Link, admission: JoinGrant, request: JoinRequest): void {
    if (former.isOver || former.link !== link) return;
    if (!isPlain(request) && this.#resumable(admission, request) === former) return;
    // One that cannot resume has its calls restored by its next join; any other says that it begins anew.
    if (isPlain(request) && !former.can.resumes) {
      this.#life.lost(former, link, 0);
      return;
    }
    // `joined` is its answer: a client that begins anew must not hear of calls that it has forgotten.
    this.#life.end(former, "left", { user: former.user, session: former.id, wantsAck: true });
  }

  #deviceOf(user: string, request: JoinRequest, named: Session | undefined): string | undefined {
    const { deviceId, resume } = request;
    if (deviceId !== undefined || !resume) return deviceId;
    return named?.device ?? knownDevice(this.#state.calls, user, resume.session);
  }

  #isFull(user: string): boolean {
    const own = this.#state.sessions.of(user);
    if (own.length < sessionsPerUserMax) return false;
    const { calls } = this.#state;
    // Rather one without calls: to end a session is to end its calls.
    const lost = own
      .filter((session) => session.lostAtMs !== undefined)
      .toSorted((a, b) => calls.ofSession(a.id).length - calls.ofSession(b.id).length)[0];
    if (!lost) return true;
    this.#life.end(lost, "replaced");
    return false;
  }

  #create(link: Link, admission: JoinGrant, request: JoinRequest, isFull: boolean): Session {
    const id = this.#state.sessionId();
    return new Session({
      id,
      user: admission.userId,
      device: request.deviceId ?? (isFull ? id : nameless),
      can: isFull ? fullAbilities : plainAbilities,
      link,
      joinedAtMs: this.#state.steady(),
      ...(request.client === undefined ? {} : { client: clientFacts(request.client) }),
      ...(admission.tokenId === undefined ? {} : { token: admission.tokenId }),
      ...(admission.voucherId === undefined ? {} : { voucher: admission.voucherId }),
      ...(admission.expiry === undefined ? {} : { expiry: admission.expiry }),
    });
  }

  /** The session a join names, where it may have it: the same user and device, and a token if that had one. */
  #resumable(admission: JoinGrant, request: JoinRequest): Session | undefined {
    const session = this.#state.sessions.get(request.resume?.session ?? "");
    if (!session?.can.resumes || session.user !== admission.userId) return undefined;
    if (request.deviceId !== undefined && request.deviceId !== session.device) return undefined;
    if (session.token !== undefined && admission.tokenId === undefined) return undefined;
    return session;
  }

  #resume(session: Session, link: Link, admission: JoinGrant, missed: readonly ServerMessage[]): Session {
    const state = this.#state;
    const wasLost = session.lostAtMs !== undefined;
    this.#life.attach(session, link);
    state.sessions.changeToken(session, admission.tokenId ?? session.token, admission.voucherId);
    session.expiry = admission.expiry;
    if (wasLost) {
      const nowMs = state.steady();
      for (const call of state.calls.ofSession(session.id)) {
        state.applyToCall(call.id, { type: "back", nowMs, session: session.id });
      }
    }
    // At once, and so before whatever the return has caused: that leaves at the end of the turn.
    link.send(this.#joined(session, { resumed: true, n: session.handledN }));
    for (const message of missed) link.send(message);
    const users = state.presence.current(session);
    if (users.length > 0) state.send(session, { type: "presence", users });
    state.options.observer.sessionJoined(session, "resumed");
    // What rings its user since its own call kept it from being asked, and that call is over.
    this.#ring(session);
    this.#life.tokens.follow(session);
    return session;
  }

  /**
   * A device that names no session has forgotten its calls: those whose socket is gone end as hung up, and those whose
   * socket still looks alive where it turns out not to be.
   */
  #replaceOlder(session: Session, deviceId: string | undefined): void {
    if (deviceId === undefined) return;
    for (const older of this.#state.sessions.of(session.user)) {
      const isSameDevice = older.device === deviceId && older.can.resumes;
      const mayReplace = older.token === undefined || session.token !== undefined;
      if (!isSameDevice || !mayReplace) continue;
      if (older.lostAtMs !== undefined) this.#life.end(older, "replaced");
      else if (older.link !== session.link) this.#life.askForProof(older);
    }
    // After a restart the sessions are gone, and only the legs still know them.
    for (const call of this.#state.calls.heldBy(session.user)) {
      const leg = legOf(call, session.user);
      const isOrphan = leg !== undefined && this.#state.sessions.get(leg.session) === undefined;
      if (!isOrphan || leg.device !== deviceId || (leg.token !== undefined && session.token === undefined)) continue;
      this.#state.applyToCall(call.id, { type: "gone", nowMs: this.#state.steady(), session: leg.session });
    }
  }

  /** Takes over the legs of the session that was named, though its queue is gone. */
  #rebind(session: Session, from: string | undefined, deviceId: string | undefined): string[] {
    const rebound: string[] = [];
    if (from === undefined) return rebound;
    for (const call of this.#state.calls.heldBy(session.user)) {
      const leg = legOf(call, session.user);
      // A known session is another client's. One that is over, and took the leg from the named one, was this client's.
      const isFormer =
        leg?.formerSessions?.includes(from) === true && this.#state.sessions.get(leg.session) === undefined;
      if (!leg || (leg.session !== from && !isFormer) || (deviceId !== undefined && leg.device !== deviceId)) continue;
      if (leg.token !== undefined && session.token === undefined) continue;
      const to = { ...session.asDevice(), device: leg.device };
      this.#state.applyToCall(call.id, { type: "rebound", nowMs: this.#state.steady(), from: leg.session, to });
      rebound.push(call.id);
    }
    return rebound;
  }

  #welcome(session: Session, rebound: readonly string[]): void {
    const { options } = this.#state;
    this.#state.presenceChanged(session.user);
    const more = rebound.length === 0 ? {} : { rebound: [...rebound] };
    this.#state.send(session, this.#joined(session, { resumed: false, ...more }));
    options.observer.sessionJoined(session, rebound.length === 0 ? "new" : "rebound");
    this.#ring(session);
    // Last, here and below: a token that has just run out ends the session, and nothing may be done for it then.
    this.#life.tokens.follow(session);
  }

  #joined(session: Session, more: { resumed: boolean; n?: number; rebound?: string[] }): ServerMessage {
    const { options, calls } = this.#state;
    return {
      type: "joined",
      userId: session.user,
      session: session.id,
      ...more,
      protocol: session.can.resumes ? 2 : 1,
      pingMs: options.pingMs,
      resumeMs: options.deadlines.resumeMs,
      calls: callSummaries(calls, session, this.#state.steady()),
      iceServers: [...options.services.iceServers(session.user)],
      ...relayPolicy(options.icePolicy === "relay" ? { relayOnly: true } : {}),
      time: this.#state.now(),
    };
  }

  /**
   * A client that cannot resume: its number's newest such session is replaced, socket and all, and hears of what it
   * missed: first the ends, then an answer with its candidates. A session of a token is replaced with a token alone.
   */
  #joinPlain(link: Link, admission: JoinGrant, request: JoinRequest): Session | JoinRefusal {
    const state = this.#state;
    const older = state.sessions
      .of(admission.userId)
      .findLast((other) => !other.can.resumes && (other.token === undefined || admission.tokenId !== undefined));
    if (!older && this.#isFull(admission.userId)) return "full";
    const session = this.#create(link, admission, request, false);
    this.#endLeft(session, older?.id);
    state.addSession(session);
    state.send(session, this.#joined(session, { resumed: false }));
    for (const message of this.#untoldEnds(session, older)) state.send(session, message);
    for (const message of older ? this.#takeMissed(older) : []) state.send(session, message);
    if (older) this.#life.drop(older, "replaced");
    this.#restoreLegs(session, older?.id);
    state.presenceChanged(session.user);
    state.userLists.add(session);
    state.options.observer.sessionJoined(session, older ? "rebound" : "new");
    this.#ring(session);
    this.#life.tokens.follow(session);
    return session;
  }

  /** A session that comes rings for what rings its user and does not ask it yet: the ring that its device had first, then in their order. */
  #ring(session: Session): void {
    const { calls } = this.#state;
    const had = (ring: RingingCall) => Number(rangOn(ring, session.device));
    const rings = calls.ringsTo(session.user);
    for (const { id } of rings.toSorted((a, b) => had(b) - had(a) || a.createdAtMs - b.createdAtMs)) {
      const isTaken = calls.shownOn(session.id) !== undefined;
      const nowMs = this.#state.steady();
      this.#state.applyToCall(id, { type: "online", nowMs, device: session.asDevice(), isTaken });
    }
  }

  /** Ends from after the older session was over, or from a restart; those it has queued are not told twice. */
  #untoldEnds(session: Session, older: Session | undefined): ServerMessage[] {
    const untold = this.#state.takeUntold(session.user);
    const ends = untold.filter(({ device }) => device.session !== older?.id);
    // A client that shows one call and reads no ids must not leave the one that it is in.
    const isInPlainCall = this.#state.calls
      .heldBy(session.user)
      .some((call) => legOf(call, session.user)?.can.resumes === false);
    if (isInPlainCall) return [];
    return ends.map(({ call, device }) => plainEndMessage(call, session.user, device.reason));
  }

  #takeMissed(older: Session): ServerMessage[] {
    const nowMs = this.#state.steady();
    const since = older.link ? nowMs - older.link.silentMs : older.provenAtMs;
    const missed = older.queue.since(since, nowMs);
    const ends = missed.filter(({ type }) => type === "busy" || type === "reject" || type === "hangup");
    const answers = missed.filter((message) => {
      if (message.type !== "answer" && message.type !== "candidate") return false;
      const call = this.#state.calls.get(message.callId);
      return call !== undefined && isAnswered(call);
    });
    return [...ends, ...answers].map(({ seq: _seq, ...message }) => message as ServerMessage);
  }

  /** Its screen of an answered call does not outlive the socket, so the join says that its user has left the call. */
  #endLeft(session: Session, from: string | undefined): void {
    for (const [call, leg] of this.#inherited(session, from)) {
      if (!isAnswered(call) || leg.lostAtMs === undefined) continue;
      const nowMs = this.#state.steady();
      // As if its hangup had come: it shows that call no more, and hears of its end no more.
      const by = { user: session.user, session: leg.session, wantsAck: true };
      this.#state.applyToCall(call.id, { type: "gone", nowMs, session: leg.session, by });
    }
  }

  #restoreLegs(session: Session, from: string | undefined): void {
    for (const [call, leg] of this.#inherited(session, from)) {
      const to = { ...session.asDevice(), device: leg.device };
      this.#state.applyToCall(call.id, { type: "rebound", nowMs: this.#state.steady(), from: leg.session, to });
    }
  }

  /** The legs of the session that a plain one replaces, and of those that are no more. */
  #inherited(session: Session, from: string | undefined): (readonly [UnfinishedCall, Leg])[] {
    return this.#state.calls.heldBy(session.user).flatMap((call) => {
      const leg = legOf(call, session.user);
      if (!leg || leg.can.resumes || (leg.token !== undefined && session.token === undefined)) return [];
      const isOrphan = this.#state.sessions.get(leg.session) === undefined;
      return leg.session === from || isOrphan ? [[call, leg] as const] : [];
    });
  }
}

/** Whether the client is one of the older wire, which cannot resume. */
function isPlain({ protocol = 1 }: JoinRequest): boolean {
  return protocol < 2;
}
