import type { ClientMessage, ClientMessageType, ServerMessage } from "@echoo/protocol";
import { type Device, isAnswered, type UnfinishedCall } from "../call/call.ts";
import type { RunningControl } from "../ports/admin/running-control.ts";
import type { SampleBatch } from "../ports/journal.ts";
import type { Link } from "../ports/link.ts";
import type { RingControl } from "../ports/ring-control.ts";
import type { LivePresence, SignalingControl } from "../ports/signaling-control.ts";
import type { AdoptionContext } from "./cluster/adoption.ts";
import { ClusterCalls } from "./cluster/cluster-calls.ts";
import { contextOf, EngineCluster } from "./cluster/engine-cluster.ts";
import type { News } from "./cluster/envelopes.ts";
import type { EngineOptions } from "./engine-options.ts";
import { EngineState } from "./engine-state.ts";
import { recover } from "./recover.ts";
import { CallRequests, senderOf } from "./requests/call-requests.ts";
import { DialScreen } from "./requests/dial-screen.ts";
import { DirectoryRequests } from "./requests/directory-requests.ts";
import { type Handler, type Reply, replyMessage } from "./requests/message-handler.ts";
import { RelayRequests } from "./requests/relay-requests.ts";
import { StatisticsRequests } from "./requests/statistics-requests.ts";
import { RunningCalls } from "./running-calls.ts";
import { type JoinGrant, Joining, type JoinRefusal, type JoinRequest } from "./sessions/joining.ts";
import type { Session } from "./sessions/session.ts";
import { SessionLife } from "./sessions/session-life.ts";
import { lookEveryMs } from "./sessions/token-life.ts";

/** Messages of a joined session that the engine handles; the others are the socket's own affair. */
export type EngineMessageType = Exclude<ClientMessageType, "join" | "authenticate">;
type EngineMessage = Extract<ClientMessage, { type: EngineMessageType }>;
type Handlers = { [T in EngineMessageType]: Handler<T> };

/** Finished calls that are old enough are forgotten each second, and so many at most: more than a second can bring. */
const forgottenAtOnceMax = 2_000;
/** Questions of one session that wait for the database, and its other messages not for them. With one more they do. */
export const questionsMax = 8;
/** How often lists of users are sent, where they changed. */
const tickMs = 1_000;
/** How often the journal notes in calls that the node lives, so that a restart knows when it did last: every 2 s. */
const beatEveryTicks = 2;

/** Signaling as one object: sockets and messages in, messages and records out. */
export class Engine implements SignalingControl {
  readonly #state: EngineState;
  readonly #life: SessionLife;
  readonly #joining: Joining;
  /** For administrators. */
  readonly running: RunningControl;
  readonly #handlers: Handlers;
  /** Absent on a single node. */
  readonly cluster: EngineCluster | undefined;
  #stopHousekeeping: (() => void)[] = [];
  #ticks = 0;
  #isStopped = false;

  constructor(options: EngineOptions) {
    const { cluster } = options;
    let context: AdoptionContext | undefined;
    const makeCluster =
      cluster &&
      ((state: EngineState) => {
        context = contextOf(
          state,
          cluster,
          () => this.#life,
          () => soft,
          (news) => this.#heard(news),
        );
        return new ClusterCalls(context);
      });
    this.#state = new EngineState(options, (calls) => this.#life.tokens.callsChanged(calls), makeCluster);
    this.#life = new SessionLife(this.#state);
    this.#joining = new Joining(this.#state, this.#life);
    this.running = new RunningCalls(this.#state);
    const calls = new CallRequests(this.#state);
    const relays = new RelayRequests(this.#state);
    const { mediaState, chat, emoji } = relays;
    const soft = { candidate: calls.candidate, mediaState, chat, emoji };
    this.cluster =
      context &&
      this.#state.cluster &&
      new EngineCluster(this.#state, context, this.#state.cluster, calls, this.#joining);
    const directory = new DirectoryRequests(this.#state);
    const statistics = new StatisticsRequests(this.#state);
    const dialScreen = new DialScreen(this.#state);
    this.#handlers = {
      offer: calls.offer,
      ringing: calls.ringing,
      answer: calls.answer,
      offerRefused: calls.offerRefused,
      candidate: calls.candidate,
      connected: calls.connected,
      reject: calls.reject,
      hangup: calls.hangup,
      mediaState: relays.mediaState,
      chat: relays.chat,
      emoji: relays.emoji,
      stats: statistics.stats,
      report: statistics.report,
      callStats: statistics.callStats,
      watch: directory.watch,
      unwatch: directory.unwatch,
      checkUser: directory.checkUser,
      getUsers: (session, message) => {
        dialScreen.asked(session);
        return directory.getUsers(session, message);
      },
      getTurnCredentials: directory.getTurnCredentials,
      ping: (session, message) => this.#ping(session, message.seq),
      leave: (session, message) => this.#leave(session, message),
    } satisfies Handlers;
    if (this.cluster) this.#handlers = { ...this.#handlers, ...this.cluster.handlers(soft) };
  }

  /** Reads back what the last process left. Call once, before any client joins. */
  recover(): void {
    if (this.cluster === undefined) recover(this.#state);
    this.#every(lookEveryMs, () => {
      this.#life.tokens.look();
      for (const session of this.#state.sessions.all()) session.forgetHeard(this.#state.steady());
      this.#beat();
    });
    this.#every(tickMs, () => this.#tick());
  }

  /** Stops every timer. Sockets are their owner's to close; calls stay in the journal. */
  stop(): void {
    this.#isStopped = true;
    for (const stop of this.#stopHousekeeping) stop();
    this.#life.stop();
    this.cluster?.stop();
    this.#state.timers.stop();
    this.#state.delivery.flush();
  }

  /** Tells every client to come back in a while; each at a time of its own, so that they do not all come at once. */
  drain(reconnectInMs: () => number): void {
    for (const session of this.#state.sessions.all()) {
      this.#state.send(session, { type: "goaway", reconnectInMs: reconnectInMs() });
    }
    this.#state.delivery.flush();
  }

  /**
   * `former`: the session that this socket had, which is decided about as well. Whatever comes of it, no session has
   * this link afterwards but the one that is the result; where the join is refused or fails, at most the former one.
   */
  async join(link: Link, admission: JoinGrant, request: JoinRequest, former?: Session): Promise<Session | JoinRefusal> {
    if (former) this.#joining.leaveBehind(former, link, admission, request);
    const { userFacts } = this.#state.options;
    userFacts.hold(admission.userId);
    try {
      const facts = await userFacts.load(admission.userId);
      if (facts && this.cluster) return await this.cluster.joining.join(link, admission, request);
      return facts ? this.#joinKnown(link, admission, request, former) : "unavailable";
    } finally {
      userFacts.release(admission.userId);
    }
  }

  #joinKnown(link: Link, admission: JoinGrant, request: JoinRequest, former?: Session): Session | JoinRefusal {
    const isExpired = admission.expiry !== undefined && admission.expiry.atMs <= this.#state.now();
    if (isExpired || admission.hasEnded?.()) return "ended";
    try {
      return this.#joining.join(link, admission, request);
    } catch (error) {
      this.#joining.undo(link, admission.userId, former);
      throw error;
    }
  }

  /**
   * The socket was closed, or is taken to be dead; `silentMs` ago was its last proof of life. `left`: its client said
   * that it goes away, as browsers do for a page that is closed or loaded anew.
   */
  linkLost(session: Session, link: Link, silentMs: number, left = false): void {
    // Sockets may end after the engine: what waits for a return then would wait in a process that has nothing to do.
    if (!this.#isStopped) this.#life.lost(session, link, silentMs, left);
  }

  /** Tells a joined session something that is not the engine's own, in its place among what the engine says. */
  tell(session: Session, message: ServerMessage): void {
    this.#state.send(session, message);
  }

  /** A new token of the same user, or a longer life of the one it has, in place. */
  renewToken(session: Session, { tokenId, expiry }: Omit<JoinGrant, "userId">): void {
    if (session.isOver) return;
    this.#state.sessions.changeToken(session, tokenId, undefined);
    session.expiry = expiry;
    this.#life.tokens.follow(session);
  }

  /** Handles one message. A promise means that the next one of this session has to wait for it. */
  receive(session: Session, message: EngineMessage): void | Promise<void> {
    if (session.isOver || isRepeated(session, message)) return;
    // Noted before it is handled: a resume while the database is asked must not have it handled twice.
    if (message.n !== undefined) session.handledN = Math.max(message.n, session.handledN);
    const handler = this.#handlers[message.type] as Handler<ClientMessageType>;
    const reply = handler(session, message);
    if (reply instanceof Promise) return this.#later(session, message, reply);
    this.#handled(session, message, reply);
  }

  /** What is asked about others waits for the database. The session's calls do not wait for that, unless it asks too much. */
  #later(session: Session, message: EngineMessage, reply: Promise<Reply>): void | Promise<void> {
    session.questions += 1;
    const done = reply
      .then((later) => this.#handled(session, message, later))
      .finally(() => {
        session.questions -= 1;
      });
    if (session.questions > questionsMax) return done;
    done.catch((error: unknown) => this.#state.options.observer.fault(error));
  }

  /** A message of this number was refused before it came here. False where it was handled, or refused, before. */
  passOver(session: Session, n: number): boolean {
    if (n <= session.handledN) return false;
    session.handledN = n;
    return true;
  }

  /**
   * Samples that a party sent by another way, once its call was over. The result is how long it has to wait before
   * more of its samples are taken; 0: these are.
   */
  keepSamples(batch: SampleBatch): number {
    return this.#state.keepSamples(batch);
  }

  get onlineUsers(): number {
    return this.#state.sessions.userCount;
  }

  get activeCalls(): number {
    return this.#state.calls.unfinishedCount;
  }

  presenceOf(userId: string): LivePresence {
    return this.#state.presenceOf(userId);
  }

  async findPresence(userId: string): Promise<LivePresence> {
    await this.#state.elsewhere?.load([userId]);
    return this.#state.presenceOf(userId);
  }

  partiesOf(callId: string): { caller: string; callee: string } | undefined {
    const call = this.#state.calls.get(callId);
    return call && { caller: call.caller, callee: call.callee };
  }

  /** For devices that were woken by a push, and have no session. */
  get rings(): RingControl {
    return this.#state.push;
  }

  tokenRevoked(tokenId: string): void {
    this.#happened({ what: "tokenRevoked", id: tokenId });
  }

  userLoggedOut(userId: string): void {
    this.#happened({ what: "userLoggedOut", id: userId });
  }

  numberProven(userId: string): void {
    this.#happened({ what: "numberProven", id: userId });
  }

  userSuspended(userId: string): void {
    // The same to its clients: all that speak as the number are cut.
    this.#happened({ what: "numberProven", id: userId });
  }

  userErased(userId: string, replacement: string): void {
    this.#happened({ what: "userErased", id: userId, replacement });
  }

  async personChanged(userId: string): Promise<void> {
    this.cluster?.news.tell({ what: "personChanged", id: userId });
    await this.#changed(userId);
  }

  async #changed(userId: string): Promise<void> {
    await this.#state.options.userFacts.refresh(userId);
    this.factsChanged(userId);
  }

  #happened(news: News): void {
    this.cluster?.news.tell(news);
    this.#heard(news);
  }

  /** What happened to a user or a token, here or on another node. */
  #heard(news: News): void {
    const { sessions, calls } = this.#state;
    switch (news.what) {
      case "tokenRevoked":
        for (const session of sessions.ofToken(news.id)) this.#life.revoke(session);
        this.#endOrphans(calls.ofToken(news.id), (_user, ...tokens) => tokens.includes(news.id));
        return;
      case "userLoggedOut":
        for (const session of sessions.of(news.id)) {
          if (session.token !== undefined || session.voucher !== undefined) this.#life.revoke(session);
        }
        this.#endOrphans(calls.heldBy(news.id), (user, ...tokens) => tokens.length > 0 && user === news.id);
        return;
      case "numberProven":
        for (const session of sessions.of(news.id)) this.#life.revoke(session);
        this.#endOrphans(calls.heldBy(news.id), (user) => user === news.id);
        return;
      case "userErased":
        this.#erased(news.id, news.replacement);
        return;
      case "personChanged":
        this.#changed(news.id).catch((error: unknown) => this.#state.options.observer.fault(error));
    }
  }

  #erased(userId: string, replacement: string): void {
    for (const session of this.#state.sessions.of(userId)) this.#life.revoke(session);
    for (const call of this.#state.calls.unfinishedOf(userId)) {
      this.#state.applyToCall(call.id, { type: "adminEnd", nowMs: this.#state.steady() });
    }
    this.#state.delivery.flush();
    this.#state.arbiter.rename(userId, replacement);
    this.#state.delivery.flush();
  }

  /** What is in memory of this user was read anew. */
  factsChanged(userId: string): void {
    this.#state.presenceChanged(userId);
  }

  /** A call may wait for a device of a token that no session stands for: after a restart, or one that cannot resume. */
  #endOrphans(calls: readonly UnfinishedCall[], isMeant: (user: string, ...tokens: string[]) => boolean): void {
    const isOrphan = ({ token, voucher, session }: Device, user: string) =>
      isMeant(user, ...[token, voucher].filter((one) => one !== undefined)) && !this.#state.sessions.get(session);
    for (const call of calls) {
      const callee = isAnswered(call) && isOrphan(call.calleeLeg, call.callee);
      if (!callee && !isOrphan(call.callerLeg, call.caller)) continue;
      this.#state.applyToCall(call.id, { type: "adminEnd", nowMs: this.#state.steady() });
    }
  }

  #handled(session: Session, message: EngineMessage, reply: Reply): void {
    const answer = replyMessage(message, reply);
    if (answer) this.#state.send(session, answer);
  }

  #ping(session: Session, seq: number | undefined): Reply {
    if (seq !== undefined) session.queue.confirm(seq);
    const n = session.handledN > 0 ? { n: session.handledN } : {};
    this.#state.send(session, { type: "pong", time: this.#state.now(), ...n });
    return undefined;
  }

  #leave(session: Session, message: { readonly id?: string | undefined }): Reply {
    this.#life.end(session, "left", senderOf(session, message));
    return undefined;
  }

  #tick(): void {
    const { calls, options, userLists } = this.#state;
    userLists.send();
    calls.forget(this.#state.steady() - options.deadlines.tombstoneMs, forgottenAtOnceMax);
    this.#ticks += 1;
    if (this.#ticks % beatEveryTicks === 0 && this.activeCalls > 0) this.#beat();
  }

  #beat(): void {
    try {
      this.#state.options.journal.beat(this.#state.timeline.beat());
    } catch (error) {
      this.#state.options.observer.journalFailed(error);
    }
  }

  #every(periodMs: number, run: () => void): void {
    const slot = this.#stopHousekeeping.push(() => {}) - 1;
    const again = () => {
      this.#stopHousekeeping[slot] = this.#state.options.clock.after(periodMs, () => {
        run();
        again();
      });
    };
    again();
  }
}

/**
 * Whether it is dropped, as one that this session has sent before: numbers rise within a session, and count nothing in
 * the next one. A ping asks only how things stand, and is answered whatever its number; and no session has left
 * before, so a `leave` is never a repetition.
 */
function isRepeated(session: Session, { type, n }: EngineMessage): boolean {
  return n !== undefined && n <= session.handledN && type !== "ping" && type !== "leave";
}
