import type { Authenticator, AuthResult, ConnectionFacts } from "@echoo/accounts";
import type { JoinGrant, Session } from "@echoo/core";
import { type ClientMessageByType, readUserId } from "@echoo/protocol";
import type { ConnectionDeps, SocketEngine } from "./connection-deps.ts";
import { isLegacy } from "./legacy-wire.ts";
import type { SocketLink } from "./socket-link.ts";
import type { SocketReplies } from "./socket-replies.ts";
import { TokenUse } from "./token-use.ts";

/** When a client may try to join again while the database is away. */
const unavailableRetryMs = 2_000;
/** When a user who has as many sessions as one may have may try again. */
const sessionsRetryMs = 60_000;

/** What lets a client in that cannot send a token on its socket. */
const tokenlessHint =
  "an app that sends no token on its socket may join with ECHOO_LEGACY_JOIN=verified-address, from an address that " +
  "used the number's token within 24 hours";

/**
 * Whether the token was revoked since the authenticator looked; its sockets are cut already, and this one must not come
 * after.
 */
type Accepted = Extract<AuthResult, { ok: true }> & { readonly hasEnded: () => boolean };
type Refused = Extract<AuthResult, { ok: false }>;
const ended: Refused = { ok: false, code: "unauthorized", message: "The token was revoked, or has run out." };
const unreadable: Refused = {
  ok: false,
  code: "unavailable",
  message: "The database is away for a moment; try again.",
};
type Join = Pick<ClientMessageByType<"join">, "protocol" | "deviceId" | "resume" | "id">;

type EntranceDeps = Pick<
  ConnectionDeps,
  "authenticator" | "clock" | "credentials" | "engine" | "joinMs" | "logger" | "tokens" | "userIdRule"
>;

interface AuthenticationParts {
  readonly deps: EntranceDeps;
  readonly link: SocketLink;
  readonly replies: SocketReplies;
  readonly facts: ConnectionFacts;
  readonly setJoined: (isJoined: boolean) => void;
}

/** Who is on a socket: joining, proving oneself, renewing a token, and leaving. */
export class SocketAuthentication {
  readonly #deps: EntranceDeps;
  readonly #engine: SocketEngine;
  readonly #link: SocketLink;
  readonly #replies: SocketReplies;
  readonly #facts: ConnectionFacts;
  readonly #setJoined: (isJoined: boolean) => void;
  readonly #tokenUse: TokenUse;
  #isOver = false;
  #isJoined = false;
  #authenticated: Accepted | undefined;
  #cancelJoinTimer: () => void = () => {};

  constructor({ deps, link, replies, facts, setJoined }: AuthenticationParts) {
    this.#deps = deps;
    this.#engine = deps.engine;
    this.#link = link;
    this.#replies = replies;
    this.#facts = facts;
    this.#setJoined = setJoined;
    this.#tokenUse = new TokenUse(deps, () => replies.session);
    this.#startJoinTimer();
  }

  /** The socket is gone: a join that is under way is dropped. */
  shut(): void {
    this.#isOver = true;
    this.#cancelJoinTimer();
    this.#tokenUse.end();
  }

  /** Whether the client waits for no answer any more: the socket is gone, or was closed while something was asked. */
  get #isUnwanted(): boolean {
    return this.#isOver || this.#link.isClosing;
  }

  /** Call after each message: where the engine says that the session is over, its client may join again. */
  follow(): void {
    if (this.#isOver || !this.#isJoined || this.#replies.session) return;
    this.#isJoined = false;
    this.#authenticated = undefined;
    this.#setJoined(false);
    this.#tokenUse.stop();
    // A client that means to join again has as long for it as at the beginning.
    if (!this.#isUnwanted) this.#startJoinTimer();
  }

  async join(message: ClientMessageByType<"join">): Promise<void> {
    const userId = message.userId ?? message.phone;
    // Known before the answer: a refused client of the older wire gets no close frame either. Such a client has no
    // token.
    if (!this.#replies.session) this.#link.isLegacy = isLegacy(message) && message.token === undefined;
    const known = message.token === undefined ? this.#known(userId) : undefined;
    const admission = known ?? (await this.#admit({ userId, token: message.token }));
    if (this.#isUnwanted) return;
    if (admission.ok) await this.#enter(admission, message);
    else this.#turnAway(admission, message);
  }

  async authenticate(message: ClientMessageByType<"authenticate">): Promise<void> {
    const admission = await this.#admit({ token: message.authToken });
    if (this.#isUnwanted) return;
    const { session } = this.#replies;
    const problem = admission.ok
      ? session && session.user !== admission.userId
        ? "The token belongs to another user."
        : undefined
      : admission.message;
    if (!admission.ok || problem !== undefined) {
      this.#replies.say({ type: "authError", message: problem ?? "The token is not good." });
      if (message.id !== undefined) this.#replies.refuse(admission.ok ? "unauthorized" : admission.code, message);
      return;
    }
    this.#authenticated = admission;
    this.#replies.say({ type: "authenticated", userId: admission.userId });
    if (session) this.#renew(session, admission);
    else await this.#enter(admission, {});
    this.#replies.acknowledge(message);
  }

  async #admit(claim: Parameters<Authenticator["admit"]>[0]): Promise<Accepted | Refused> {
    const { authenticator, clock, credentials } = this.#deps;
    const askedAtMs = clock.steady();
    const admission = await authenticator.admit(claim, this.#facts);
    if (!admission.ok) return admission;
    const token = admission.token ?? admission.voucher;
    const hasEnded = () => token !== undefined && credentials.hasEnded(token, askedAtMs);
    return hasEnded() ? ended : { ...admission, hasEnded };
  }

  /** The user that this socket has proven; a join that names another is refused as it is in one message. */
  #known(userId: string | undefined): Accepted | Refused | undefined {
    const known = this.#authenticated;
    if (!known || userId === undefined || readUserId(userId, this.#deps.userIdRule) === known.userId) return known;
    return { ok: false, code: "unauthorized", message: "The token belongs to another user." };
  }

  async #enter(admission: Accepted, message: Join): Promise<void> {
    this.#link.isLegacy = isLegacy(message);
    const joining = this.#engine.join(this.#link, this.#asJoined(admission), message, this.#replies.session);
    // The session that the socket had may be over by that.
    this.follow();
    const session = await joining;
    if (typeof session !== "string") this.#replies.session = session;
    // The engine makes none for a socket that is gone; one that was closed as it got it loses it with its end.
    if (this.#isUnwanted) return;
    if (session === "ended") {
      this.#turnAway(ended, message);
      return;
    }
    if (session === "unavailable") {
      this.#turnAway(unreadable, message);
      return;
    }
    if (session === "full") {
      const retry = { retryInMs: sessionsRetryMs };
      this.#replies.sayLast(this.#replies.refusal("not_allowed", message, "too many sessions of this user", retry));
      this.#link.close(4429, sessionsRetryMs);
      return;
    }
    this.#isJoined = true;
    this.#setJoined(true);
    this.#cancelJoinTimer();
    this.#tokenUse.start();
    this.#replies.acknowledge(message);
  }

  #turnAway(admission: Refused, message: { readonly id?: string | undefined }): void {
    const retryInMs = admission.retryInMs ?? (admission.code === "unavailable" ? unavailableRetryMs : undefined);
    const retry = retryInMs === undefined ? {} : { retryInMs };
    const refusal = this.#replies.refusal(admission.code, message, admission.message, retry);
    const isFinal = admission.code === "unauthorized";
    if (isFinal) this.#replies.sayLast(refusal);
    else this.#replies.say(refusal);
    const { code, message: why } = admission;
    const line = { address: this.#facts.address, code, why };
    // The operator of a server for the shipped app has nothing but this line to go by.
    if (isFinal && this.#link.isLegacy) this.#deps.logger.warn({ ...line, hint: tokenlessHint }, "join refused");
    else this.#deps.logger.info(line, "join refused");
    if (isFinal) this.#link.close(4401);
  }

  #renew(session: Session, admission: Accepted): void {
    this.#engine.renewToken(session, this.#asJoined(admission));
    this.#tokenUse.start();
  }

  /** What the engine needs to know of whom the authenticator let in. */
  #asJoined({ userId, token, voucher, hasEnded: hasTokenEnded }: Accepted): JoinGrant {
    const hasEnded = () => this.#isUnwanted || hasTokenEnded();
    if (!token) return { userId, hasEnded, ...(voucher === undefined ? {} : { voucherId: voucher.id }) };
    // Calls outlive the host product's tokens; Echoo's own live as long as they are used.
    const expiry = { atMs: token.expiresAtMs, sparesCalls: token.kind === "host" };
    return { userId, hasEnded, tokenId: token.id, expiry };
  }

  #startJoinTimer(): void {
    this.#cancelJoinTimer();
    if (this.#isOver) return;
    this.#cancelJoinTimer = this.#deps.clock.after(this.#deps.joinMs, () => {
      this.#replies.refuse("join_timeout", {});
      this.#link.close(4408);
    });
  }
}
