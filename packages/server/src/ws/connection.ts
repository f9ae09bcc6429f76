import type { ConnectionFacts } from "@echoo/accounts";
import type { Session } from "@echoo/core";
import {
  type ClientMessage,
  type ErrorCode,
  type LimitFamily,
  limitFamily,
  limits,
  type MessageName,
  type Parsed,
  userIdMust,
} from "@echoo/protocol";
import type { ConnectionDeps, SocketEngine } from "./connection-deps.ts";
import { FloodGuard } from "./limits/flood-guard.ts";
import { FrameQueue } from "./limits/frame-queue.ts";
import { normaliseIds } from "./normalise-ids.ts";
import { isOffer, readFrame } from "./read-frame.ts";
import { SocketAuthentication } from "./socket-authentication.ts";
import type { SocketLink } from "./socket-link.ts";
import { SocketReplies } from "./socket-replies.ts";

/** When a client that flooded may come back. */
const floodRetryMs = 10_000;

/** What a connection decides about its socket. */
interface SocketControls {
  setReading(isReading: boolean): void;
  setJoined(isJoined: boolean): void;
}

/**
 * One socket from its first frame to its last: parsing, limits, and handing messages to its authentication or, once
 * joined, to the engine, one after the other. Frames that come while one is being handled, or while the socket is over
 * its limits, wait.
 */
export class Connection {
  readonly #deps: ConnectionDeps;
  readonly #engine: SocketEngine;
  readonly #link: SocketLink;
  readonly #replies: SocketReplies;
  readonly #authentication: SocketAuthentication;
  readonly #guard: FloodGuard;
  readonly #queue: FrameQueue<Buffer>;
  #isOver = false;
  #cancelThrottle: () => void = () => {};

  constructor(deps: ConnectionDeps, link: SocketLink, facts: ConnectionFacts, controls: SocketControls) {
    this.#deps = deps;
    this.#engine = deps.engine;
    this.#link = link;
    this.#replies = new SocketReplies(deps.engine, link);
    this.#guard = new FloodGuard(deps.clock.steady());
    this.#queue = new FrameQueue(
      (frame) => this.#work(frame),
      (isReading) => controls.setReading(isReading),
    );
    const setJoined = (isJoined: boolean) => controls.setJoined(isJoined);
    this.#authentication = new SocketAuthentication({ deps, link, replies: this.#replies, facts, setJoined });
  }

  /** Whose socket it is, once it has joined. */
  get user(): string | undefined {
    return this.#replies.session?.user;
  }

  /** Takes one text frame. */
  frame(frame: Buffer): void {
    this.#queue.push(frame);
  }

  /** The socket is gone, or is taken to be; its client was last known to be there so long ago; `left`: it said goodbye. */
  gone(silentMs: number, left = false): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#queue.end();
    this.#cancelThrottle();
    this.#authentication.shut();
    if (this.#replies.session) this.#engine.linkLost(this.#replies.session, this.#link, silentMs, left);
  }

  #work(frame: Buffer): void {
    // Its session may be over, or taken over by another socket by now.
    if (this.#link.isClosing) return;
    if (this.user === undefined && frame.length > limits.frameBytes) {
      this.#link.close(1009);
      return;
    }
    const { offerTurns } = this.#deps;
    if (offerTurns.areFull && this.user !== undefined && isOffer(frame)) {
      this.#queue.hold();
      offerTurns.wait(() => {
        if (!this.#isOver) this.#read(frame);
        this.#queue.release();
      });
      return;
    }
    this.#read(frame);
  }

  #read(frame: Buffer): void {
    const parsed = readFrame(frame, this.user !== undefined);
    if (!this.#count(parsed, frame.length)) return;
    try {
      const done = this.#handle(parsed);
      if (done) {
        this.#waitFor(done);
        return;
      }
    } catch (error) {
      this.#failed(error);
    }
    this.#authentication.follow();
  }

  /** Counts a message; over the limit the next one waits. False when the socket was closed for flooding. */
  #count(parsed: Parsed<ClientMessage>, bytes: number): boolean {
    const type = parsed.ok ? parsed.message.type : (parsed.type ?? "");
    this.#deps.metrics.message("in", parsed.ok ? type : "unknown");
    if (!this.#deps.rateLimits) return true;
    const family = limitFamily(type);
    const wait = this.#guard.count(family, this.#deps.clock.steady());
    if (wait === "flooding") {
      this.#replies.sayLast(this.#replies.refusal("flooding", {}, undefined, { retryInMs: floodRetryMs }));
      this.#link.close(4429, floodRetryMs);
      this.gone(this.#link.silentMs);
      return false;
    }
    const pauseMs = Math.max(wait, this.#chargeUser(family), this.#chargeLarge(bytes));
    if (pauseMs === 0) return true;
    this.#queue.hold();
    this.#cancelThrottle = this.#deps.clock.after(pauseMs, () => this.#queue.release());
    return true;
  }

  /** What the user may send over all sockets, and over those before: a new socket does not begin anew. */
  #chargeUser(family: LimitFamily): number {
    const { userBudgets, clock } = this.#deps;
    return this.user === undefined ? 0 : userBudgets.charge(this.user, family, clock.steady());
  }

  #chargeLarge(bytes: number): number {
    const { user } = this;
    return user === undefined || bytes <= limits.frameBytes ? 0 : this.#deps.largeFrames.charge(user, bytes);
  }

  #waitFor(done: Promise<void>): void {
    this.#queue.hold();
    const wasJoined = this.user !== undefined;
    void done
      .catch((error: unknown) => this.#failed(error))
      .finally(() => {
        // Whose a join is shows by its end; what it owes the next message waits for.
        if (!wasJoined && this.#deps.rateLimits) this.#chargeUser("other");
        this.#authentication.follow();
        this.#queue.release();
      });
  }

  /** A fault of ours costs its message, not the process. */
  #failed(error: unknown): void {
    this.#deps.logger.error({ err: error }, "a message could not be handled");
    this.#replies.refuse("internal", {});
  }

  #handle(parsed: Parsed<ClientMessage>): Promise<void> | undefined {
    if (!parsed.ok) {
      const detail = parsed.details
        .map(({ path, message }) => (path === "" ? message : `${path}: ${message}`))
        .join("; ");
      this.#refuse(parsed.code, parsed, parsed.code === "unknown_type" ? undefined : detail);
      return undefined;
    }
    const { message } = parsed;
    const { session } = this.#replies;
    if (message.type === "join") return this.#authentication.join(message);
    if (message.type === "authenticate") return this.#authentication.authenticate(message);
    if (session) return this.#receive(session, message);
    this.#replies.refuse("not_joined", message);
    return undefined;
  }

  #receive(
    session: Session,
    message: Exclude<ClientMessage, { type: "join" | "authenticate" }>,
  ): Promise<void> | undefined {
    const normalised = normaliseIds(message, this.#deps.userIdRule);
    if (!normalised) {
      this.#refuse("invalid", message, `a user id must be ${userIdMust[this.#deps.userIdRule]}`);
      return undefined;
    }
    const done = this.#engine.receive(session, normalised);
    // Behind it: what it has to say leaves at the end of this turn, before the next offers are looked at.
    if (message.type === "offer") this.#deps.offerTurns.begin();
    return done ?? undefined;
  }

  /** A message that never reaches the engine is refused once: its client need not send it again to learn that. */
  #refuse(code: ErrorCode, message: Undefinable<MessageName>, detail: string | undefined): void {
    const { session } = this.#replies;
    const isNews = !session || message.n === undefined || this.#engine.passOver(session, message.n);
    if (!isNews) return;
    this.#replies.refuse(code, message, detail);
    if (message.type === "offer") this.#replies.closeScreen();
  }
}

type Undefinable<T> = { readonly [K in keyof T]: T[K] | undefined };
