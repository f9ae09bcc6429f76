import type { Session } from "@echoo/core";
import { type ErrorCode, errorTable, type ServerMessage } from "@echoo/protocol";
import type { SocketEngine } from "./connection-deps.ts";
import type { SocketLink } from "./socket-link.ts";

/** A message that may want to be named in its answer. */
type Identified = { readonly id?: string | undefined };

/** What a socket says that is not the engine's own. */
export class SocketReplies {
  #session: Session | undefined;
  readonly #engine: Pick<SocketEngine, "tell">;
  readonly #link: SocketLink;

  constructor(engine: Pick<SocketEngine, "tell">, link: SocketLink) {
    this.#engine = engine;
    this.#link = link;
  }

  /** The session that is joined on the socket, if any: the engine alone says when it is over. */
  get session(): Session | undefined {
    return this.#session?.isOver ? undefined : this.#session;
  }

  set session(session: Session) {
    this.#session = session;
  }

  /** To a joined client in its place among what the engine says, so that nothing overtakes or is lost. */
  say(message: ServerMessage): void {
    if (this.session) this.#engine.tell(this.session, message);
    else this.#link.send(message);
  }

  /** At once, and so before a close that follows: what is said last must be written before the end. */
  sayLast(message: ServerMessage): void {
    this.#link.send(message);
  }

  acknowledge({ id }: Identified): void {
    if (id !== undefined) this.say({ type: "ack", id });
  }

  refuse(code: ErrorCode, message: Identified, detail?: string, more?: { retryInMs?: number }): void {
    this.say(this.refusal(code, message, detail, more));
  }

  /** The refusal, not yet said. */
  refusal(code: ErrorCode, message: Identified, detail?: string, more: { retryInMs?: number } = {}): ServerMessage {
    const id = message.id === undefined ? {} : { id: message.id };
    return { type: "error", ...errorOf(code, detail), ...id, ...more };
  }

  /**
   * An offer that never reached the engine: a client of the older wire leaves its calling screen for `reject` alone.
   */
  closeScreen(): void {
    if (!this.session || !this.#link.isLegacy) return;
    const { user } = this.session;
    this.say({ type: "reject", callId: "", from: user, to: user, reason: "unreachable" });
  }
}

function errorOf(code: ErrorCode, detail?: string): { code: ErrorCode; message: string } {
  const { sentence } = errorTable[code];
  return { code, message: detail === undefined ? sentence : `${sentence} ${detail}`.slice(0, 500) };
}
