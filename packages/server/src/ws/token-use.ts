import type { Session } from "@echoo/core";
import type { ConnectionDeps } from "./connection-deps.ts";

/** How often a live socket counts as use of its token, which lives for days. */
const tokenUseEveryMs = 3_600_000;

type TokenUseDeps = Pick<ConnectionDeps, "clock" | "tokens" | "logger" | "engine">;

/**
 * A live socket counts as use of its token, which would expire under it otherwise. Others' tokens end when they end.
 */
export class TokenUse {
  readonly #deps: TokenUseDeps;
  readonly #session: () => Session | undefined;
  #cancel: () => void = () => {};
  #isOver = false;

  constructor(deps: TokenUseDeps, session: () => Session | undefined) {
    this.#deps = deps;
    this.#session = session;
  }

  start(): void {
    this.stop();
    if (this.#isOver) return;
    this.#cancel = this.#deps.clock.after(tokenUseEveryMs, () => {
      const session = this.#session();
      const tokenId = session?.token ?? session?.voucher;
      if (session === undefined || tokenId === undefined) return;
      if (session.expiry?.sparesCalls !== true) void this.#use(session, tokenId);
      this.start();
    });
  }

  stop(): void {
    this.#cancel();
  }

  /** The socket is gone: a start after that, by a join that had to wait, starts nothing. */
  end(): void {
    this.#isOver = true;
    this.stop();
  }

  async #use(session: Session, tokenId: string): Promise<void> {
    try {
      const atMs = await this.#deps.tokens.keepAlive(tokenId);
      // It may have been renewed by another one meanwhile.
      if (session.token === tokenId)
        this.#deps.engine.renewToken(session, { tokenId, expiry: { atMs, sparesCalls: false } });
    } catch (error) {
      this.#deps.logger.debug({ err: error }, "the use of a token could not be stored; it is tried again");
    }
  }
}
