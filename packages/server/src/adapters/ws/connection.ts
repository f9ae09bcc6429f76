import type { Engine, Session } from "@echoo/core";
import {
  type ClientMessage,
  type ClientMessageByType,
  type ErrorCode,
  errorTable,
  limitFamily,
  normalisePhone,
  type Parsed,
  parseClientMessage,
  type ServerMessage,
} from "@echoo/protocol";
import type { ConnectionFacts } from "../../accounts/connection-facts.ts";
import type { Admission } from "../../accounts/gate.ts";
import type { ConnectionDeps } from "./connection-deps.ts";
import { FloodGuard } from "./flood-guard.ts";
import { FrameQueue } from "./frame-queue.ts";
import { isLegacy } from "./legacy-wire.ts";
import { normaliseIds } from "./normalise-ids.ts";
import type { SocketLink } from "./socket-link.ts";

/** When a client that flooded may come back. */
const floodRetryMs = 10_000;
/** When a client may try to join again while the database is away. */
const unavailableRetryMs = 2_000;
/** When a user who has as many sessions as one may have may try again. */
const sessionsRetryMs = 60_000;
/** How often a live socket counts as use of its token, which lives for days. */
const tokenUseEveryMs = 3_600_000;

/** What lets a client in that cannot send a token on its socket. */
const tokenlessHint =
  "an app that sends no token on its socket may join with ECHOO_LEGACY_JOIN=verified-address, from an address that " +
  "used the number's token within 24 hours";

type Accepted = Extract<Admission, { ok: true }>;

/** A message that may want to be named in its answer. */
type Identified = { readonly id?: string | undefined };

/** What a connection decides about its socket. */
interface SocketControls {
  setReading(isReading: boolean): void;
  setJoined(isJoined: boolean): void;
}

/**
 * One socket from its first frame to its last: parsing, limits, joining, and handing messages to the engine one
 * after the other. Frames that come while one is being handled, or while the socket is over its limits, wait.
 */
export class Connection {
  readonly #deps: ConnectionDeps;
  readonly #engine: Engine;
  readonly #link: SocketLink;
  readonly #facts: ConnectionFacts;
  readonly #controls: SocketControls;
  readonly #guard: FloodGuard;
  readonly #queue: FrameQueue;
  #isOver = false;
  #session: Session | undefined;
  #authenticated: Accepted | undefined;
  #cancelJoinTimer: () => void = () => {};
  #cancelThrottle: () => void = () => {};
  #cancelTokenTimer: () => void = () => {};

  constructor(deps: ConnectionDeps, link: SocketLink, facts: ConnectionFacts, controls: SocketControls) {
    this.#deps = deps;
    this.#engine = deps.engine;
    this.#link = link;
    this.#facts = facts;
    this.#controls = controls;
    this.#guard = new FloodGuard(deps.clock.now());
    this.#queue = new FrameQueue(
      (text) => this.#work(text),
      (isReading) => controls.setReading(isReading),
    );
    this.#startJoinTimer();
  }

  /** Takes one text frame. */
  frame(text: string): void {
    this.#queue.push(text);
  }

  /** The socket is gone, or is taken to be; its client was last known to be there at `provenAtMs`. */
  gone(provenAtMs: number): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#queue.end();
    this.#cancelJoinTimer();
    this.#cancelThrottle();
    this.#cancelTokenTimer();
    if (this.#session) this.#engine.linkLost(this.#session, this.#link, provenAtMs);
  }

  #work(text: string): void {
    // Its session may be over, or somebody else's by now.
    if (this.#link.isClosing) return;
    const parsed = parseClientMessage(text);
    if (!this.#count(parsed)) return;
    try {
      const done = this.#handle(parsed);
      if (done) this.#waitFor(done);
    } catch (error) {
      this.#failed(error);
    }
  }

  /** Counts a message; over the limit the next one waits. False when the socket was closed for flooding. */
  #count(parsed: Parsed<ClientMessage>): boolean {
    const type = parsed.ok ? parsed.message.type : (parsed.type ?? "");
    this.#deps.metrics.message("in", parsed.ok ? type : "unknown");
    if (!this.#deps.rateLimits) return true;
    const wait = this.#guard.count(limitFamily(type), this.#deps.clock.now());
    if (wait === 0) return true;
    if (wait === "flooding") {
      this.#link.send({ type: "error", ...errorOf("flooding"), retryInMs: floodRetryMs });
      this.#link.close(4429, floodRetryMs);
      this.gone(this.#link.lastHeardMs);
      return false;
    }
    this.#queue.hold();
    this.#cancelThrottle = this.#deps.clock.after(wait, () => this.#queue.release());
    return true;
  }

  #waitFor(done: Promise<void>): void {
    this.#queue.hold();
    void done.catch((error: unknown) => this.#failed(error)).finally(() => this.#queue.release());
  }

  /** A fault of ours costs its message, not the process. */
  #failed(error: unknown): void {
    this.#deps.logger.error({ err: error }, "a message could not be handled");
    this.#refuse("internal", {});
  }

  #handle(parsed: Parsed<ClientMessage>): Promise<void> | undefined {
    if (!parsed.ok) {
      const detail = parsed.details.map(({ path, message }) => `${path}: ${message}`).join("; ");
      this.#refuse(parsed.code, parsed, parsed.code === "invalid" ? detail : undefined);
      if (parsed.type === "offer") this.#closeScreen();
      return undefined;
    }
    const { message } = parsed;
    switch (message.type) {
      case "join":
        return this.#join(message);
      case "authenticate":
        return this.#authenticate(message);
      default:
        return this.#session ? this.#receive(this.#session, message) : this.#notJoined(message);
    }
  }

  #notJoined(message: ClientMessage): undefined {
    this.#refuse("not_joined", message);
  }

  #receive(
    session: Session,
    message: Exclude<ClientMessage, { type: "join" | "authenticate" }>,
  ): Promise<void> | undefined {
    const normalised = normaliseIds(message);
    if (!normalised) {
      this.#refuse("invalid", message, "a user id must be a phone number of 3 to 15 digits");
      if (message.type === "offer") this.#closeScreen();
      return undefined;
    }
    const done = this.#engine.receive(session, normalised);
    if (normalised.type === "leave") this.#left();
    return done ?? undefined;
  }

  /** An offer that never reached the engine: a client of the older wire leaves its calling screen for `reject` alone. */
  #closeScreen(): void {
    if (!this.#session || !this.#link.isLegacy) return;
    const { user } = this.#session;
    this.#say({ type: "reject", callId: "", from: user, to: user, reason: "unreachable" });
  }

  #left(): void {
    this.#session = undefined;
    this.#authenticated = undefined;
    this.#controls.setJoined(false);
    this.#cancelTokenTimer();
    this.#startJoinTimer();
  }

  async #join(message: ClientMessageByType<"join">): Promise<void> {
    const userId = message.userId ?? message.phone;
    // Known before the answer: a refused client of the older wire gets no close frame either. Such a client has no token.
    if (!this.#session) this.#link.isLegacy = isLegacy(message) && message.token === undefined;
    const known = message.token === undefined ? this.#known(userId) : undefined;
    const admission = known ?? (await this.#deps.gate.admit({ userId, token: message.token }, this.#facts));
    if (this.#isOver) return;
    if (admission.ok) await this.#enter(admission, message);
    else this.#turnAway(admission, message);
  }

  /** Who this socket has proven to be; that it names somebody else is refused as it is in one message. */
  #known(userId: string | undefined): Admission | undefined {
    const known = this.#authenticated;
    if (!known || userId === undefined || normalisePhone(userId) === known.userId) return known;
    return { ok: false, code: "unauthorized", message: "The token belongs to somebody else." };
  }

  async #enter(
    admission: Accepted,
    message: Pick<ClientMessageByType<"join">, "protocol" | "deviceId" | "resume" | "id">,
  ) {
    const { userId, tokenId } = admission;
    this.#leaveBehind(message);
    this.#link.isLegacy = isLegacy(message);
    const session = await this.#engine.join(this.#link, { userId, ...(tokenId ? { tokenId } : {}) }, message);
    if (!session) {
      this.#refuse("not_allowed", message, "too many sessions of this user", { retryInMs: sessionsRetryMs });
      this.#link.close(4429, sessionsRetryMs);
      return;
    }
    this.#session = session;
    this.#controls.setJoined(true);
    this.#cancelJoinTimer();
    this.#startTokenTimer();
    this.#acknowledge(message);
    // The socket may have gone while the session was made.
    if (this.#isOver) this.#engine.linkLost(session, this.#link, this.#link.lastHeardMs);
  }

  /** A second join on one socket: what becomes of the session that it had. */
  #leaveBehind(message: Pick<ClientMessageByType<"join">, "protocol" | "resume">): void {
    const session = this.#session;
    this.#session = undefined;
    if (!session || message.resume?.session === session.id) return;
    // One that cannot resume has its calls restored by its next join; any other says that it begins anew.
    if (this.#link.isLegacy && isLegacy(message)) this.#engine.linkLost(session, this.#link, this.#deps.clock.now());
    else this.#engine.leave(session);
  }

  #acknowledge({ id }: { readonly id?: string | undefined }): void {
    if (id !== undefined) this.#say({ type: "ack", id });
  }

  /** To a joined client in its place among what the engine says, so that nothing overtakes or is lost. */
  #say(message: ServerMessage): void {
    if (this.#session) this.#engine.tell(this.#session, message);
    else this.#link.send(message);
  }

  #turnAway(admission: Extract<Admission, { ok: false }>, message: { readonly id?: string | undefined }): void {
    const retry = admission.code === "unavailable" ? { retryInMs: unavailableRetryMs } : {};
    const refusal = this.#refusal(admission.code, message, admission.message, retry);
    // What is said last must be written before the end, not with the rest of the turn.
    if (admission.code === "unauthorized") this.#link.send(refusal);
    else this.#say(refusal);
    const { code, message: why } = admission;
    // Whoever runs the server for the shipped app has nothing but this line to go by.
    const isApp = code === "unauthorized" && this.#link.isLegacy;
    const line = { address: this.#facts.address, code, why };
    if (isApp) this.#deps.logger.warn({ ...line, hint: tokenlessHint }, "join refused");
    else this.#deps.logger.info(line, "join refused");
    if (admission.code === "unauthorized") this.#link.close(4401);
  }

  async #authenticate(message: ClientMessageByType<"authenticate">): Promise<void> {
    const admission = await this.#deps.gate.admit({ token: message.authToken }, this.#facts);
    if (this.#isOver) return;
    const session = this.#session;
    const problem = admission.ok
      ? session && session.user !== admission.userId
        ? "The token belongs to somebody else."
        : undefined
      : admission.message;
    if (!admission.ok || problem !== undefined) {
      this.#say({ type: "authError", message: problem ?? "The token is not good." });
      if (message.id !== undefined) this.#refuse("unauthorized", message);
      return;
    }
    this.#authenticated = admission;
    this.#say({ type: "authenticated", userId: admission.userId });
    if (session) this.#renew(session, admission);
    else await this.#enter(admission, {});
    this.#acknowledge(message);
  }

  #renew(session: Session, { tokenId }: Accepted): void {
    this.#engine.renewToken(session, tokenId);
    this.#startTokenTimer();
  }

  #refuse(code: ErrorCode, message: Identified, detail?: string, more?: { retryInMs?: number }): void {
    this.#say(this.#refusal(code, message, detail, more));
  }

  #refusal(code: ErrorCode, message: Identified, detail?: string, more: { retryInMs?: number } = {}): ServerMessage {
    this.#deps.metrics.refused("ws", code);
    const id = message.id === undefined ? {} : { id: message.id };
    return { type: "error", ...errorOf(code, detail), ...id, ...more };
  }

  /** A live socket counts as use of its token, which would expire under it otherwise. */
  #startTokenTimer(): void {
    this.#cancelTokenTimer();
    this.#cancelTokenTimer = this.#deps.clock.after(tokenUseEveryMs, () => {
      const tokenId = this.#session?.token;
      if (tokenId === undefined) return;
      this.#deps.tokens.keepAlive(tokenId).catch((error: unknown) => {
        this.#deps.logger.debug({ err: error }, "the use of a token could not be stored; it is tried again");
      });
      this.#startTokenTimer();
    });
  }

  #startJoinTimer(): void {
    this.#cancelJoinTimer();
    this.#cancelJoinTimer = this.#deps.clock.after(this.#deps.joinMs, () => {
      this.#refuse("join_timeout", {});
      this.#link.close(4408);
    });
  }
}

function errorOf(code: ErrorCode, detail?: string): { code: ErrorCode; message: string } {
  const { sentence } = errorTable[code];
  return { code, message: detail === undefined ? sentence : `${sentence} ${detail}`.slice(0, 500) };
}
