import type { Engine, Session } from "@echoo/core";
import {
  type ClientMessage,
  type ClientMessageByType,
  type ErrorCode,
  errorTable,
  limitFamily,
  type Parsed,
  parseClientMessage,
  type ServerMessage,
} from "@echoo/protocol";
import type { ConnectionFacts } from "../../accounts/connection-facts.ts";
import type { Admission } from "../../accounts/gate.ts";
import type { ConnectionDeps } from "./connection-deps.ts";
import { FloodGuard } from "./flood-guard.ts";
import { LegacyWire } from "./legacy-wire.ts";
import { normaliseIds } from "./normalise-ids.ts";
import type { SocketLink } from "./socket-link.ts";

/** When a client that flooded may come back. */
const floodRetryMs = 10_000;
/** When a client may try to join again while the database is away. */
const unavailableRetryMs = 2_000;

type Accepted = Extract<Admission, { ok: true }>;

/**
 * One socket from its first frame to its last: parsing, limits, joining, and handing messages to the engine one
 * after the other. Frames that come while one is being handled, or while the socket is over its limits, wait.
 */
export class Connection {
  readonly #deps: ConnectionDeps;
  readonly #engine: Engine;
  readonly #link: SocketLink;
  readonly #facts: ConnectionFacts;
  readonly #setReading: (isReading: boolean) => void;
  readonly #guard: FloodGuard;
  readonly #inbox: string[] = [];
  #isBusy = false;
  #isOver = false;
  #session: Session | undefined;
  #authenticated: Accepted | undefined;
  #cancelJoinTimer: () => void = () => {};
  #cancelWait: () => void = () => {};

  constructor(
    deps: ConnectionDeps,
    link: SocketLink,
    facts: ConnectionFacts,
    setReading: (isReading: boolean) => void,
  ) {
    this.#deps = deps;
    this.#engine = deps.engine;
    this.#link = link;
    this.#facts = facts;
    this.#setReading = setReading;
    this.#guard = new FloodGuard(deps.clock.now());
    this.#startJoinTimer();
  }

  get isJoined(): boolean {
    return this.#session !== undefined;
  }

  /** Takes one text frame. */
  frame(text: string): void {
    this.#inbox.push(text);
    this.#work();
  }

  /** The socket is gone, or is taken to be. */
  gone(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#inbox.length = 0;
    this.#cancelJoinTimer();
    this.#cancelWait();
    if (this.#session) this.#engine.linkLost(this.#session, this.#link, this.#link.lastHeardMs);
  }

  #work(): void {
    while (!this.#isBusy && !this.#isOver) {
      const text = this.#inbox.shift();
      if (text === undefined) return;
      const parsed = parseClientMessage(text);
      const isAllowed = this.#count(parsed);
      if (!isAllowed) return;
      const done = this.#handle(parsed);
      if (done) this.#waitFor(done);
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
      this.gone();
      return false;
    }
    this.#isBusy = true;
    this.#setReading(false);
    this.#cancelWait = this.#deps.clock.after(wait, () => this.#free());
    return true;
  }

  #waitFor(done: Promise<void>): void {
    const isThrottled = this.#isBusy;
    this.#isBusy = true;
    this.#setReading(false);
    void done
      .catch((error: unknown) => {
        this.#deps.logger.error({ err: error }, "a message could not be handled");
        this.#refuse("internal", {});
      })
      .finally(() => {
        // A socket that is over its limits goes on when these allow it.
        if (!isThrottled) this.#free();
      });
  }

  #free(): void {
    this.#isBusy = false;
    if (this.#isOver) return;
    this.#work();
    if (!this.#isBusy) this.#setReading(true);
  }

  #handle(parsed: Parsed<ClientMessage>): Promise<void> | undefined {
    if (!parsed.ok) {
      const detail = parsed.details.map(({ path, message }) => `${path}: ${message}`).join("; ");
      this.#refuse(parsed.code, parsed, parsed.code === "invalid" ? detail : undefined);
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
      return undefined;
    }
    if (normalised.type === "offer") this.#link.legacy?.offering(normalised.to);
    const done = this.#engine.receive(session, normalised);
    if (normalised.type === "leave") this.#left();
    return done ?? undefined;
  }

  #left(): void {
    this.#session = undefined;
    this.#authenticated = undefined;
    this.#startJoinTimer();
  }

  async #join(message: ClientMessageByType<"join">): Promise<void> {
    const userId = message.userId ?? message.phone;
    const known = message.token === undefined ? this.#authenticated : undefined;
    const admission = known ?? (await this.#deps.gate.admit({ userId, token: message.token }, this.#facts));
    if (this.#isOver) return;
    if (!admission.ok) {
      this.#turnAway(admission, message);
      return;
    }
    await this.#enter(admission, message);
  }

  async #enter(
    admission: Accepted,
    message: Pick<ClientMessageByType<"join">, "protocol" | "deviceId" | "resume" | "id">,
  ) {
    // A second join on one socket: the first session is left behind, as if its socket had gone.
    if (this.#session) this.#engine.linkLost(this.#session, this.#link, this.#link.lastHeardMs);
    this.#session = undefined;
    this.#link.legacy = (message.protocol ?? 1) < 2 ? new LegacyWire(() => admission.userId) : undefined;
    const token = admission.tokenId === undefined ? {} : { tokenId: admission.tokenId };
    const session = await this.#engine.join(this.#link, { userId: admission.userId, ...token }, message);
    if (!session) {
      this.#refuse("not_allowed", message, "too many sessions of this user");
      this.#link.close(1008);
      return;
    }
    this.#session = session;
    this.#cancelJoinTimer();
    if (message.id !== undefined) this.#link.send({ type: "ack", id: message.id });
    // The socket may have gone while the session was made.
    if (this.#isOver) this.#engine.linkLost(session, this.#link, this.#link.lastHeardMs);
  }

  #turnAway(admission: Extract<Admission, { ok: false }>, message: { readonly id?: string | undefined }): void {
    const retry = admission.code === "unavailable" ? { retryInMs: unavailableRetryMs } : {};
    this.#refuse(admission.code, message, admission.message, retry);
    this.#deps.logger.info(
      { address: this.#facts.address, code: admission.code, why: admission.message },
      "join refused",
    );
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
      this.#link.send({ type: "authError", message: problem ?? "The token is not good." });
      return;
    }
    this.#authenticated = admission;
    this.#link.send({ type: "authenticated", userId: admission.userId });
    if (session) this.#engine.renewToken(session, admission.tokenId);
    else await this.#enter(admission, {});
    if (message.id !== undefined) this.#link.send({ type: "ack", id: message.id });
  }

  #refuse(
    code: ErrorCode,
    message: { readonly id?: string | undefined },
    detail?: string,
    more: { retryInMs?: number } = {},
  ): void {
    this.#deps.metrics.refused("ws", code);
    const id = message.id === undefined ? {} : { id: message.id };
    const error: ServerMessage = { type: "error", ...errorOf(code, detail), ...id, ...more };
    this.#link.send(error);
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
