import type { Session } from "@echoo/core";
import type { ConnectionDeps } from "./connection-deps.ts";

/** How often a live socket counts as use of its token, which lives for days. */
const tokenUseEveryMs = 3_600_000;

type TokenUseDeps = Pick<ConnectionDeps, "clock" | "tokens" | "logger">;

/** A live socket counts as use of its token, which would expire under it otherwise. */
export class TokenUse {
  readonly #deps: TokenUseDeps;
  readonly #session: () => Session | undefined;
  #cancel: () => void = () => {};

  constructor(deps: TokenUseDeps, session: () => Session | undefined) {
    this.#deps = deps;
    this.#session = session;
  }

  start(): void {
    this.stop();
    this.#cancel = this.#deps.clock.after(tokenUseEveryMs, () => {
      const tokenId = this.#session()?.token;
      if (tokenId === undefined) return;
      this.#deps.tokens.keepAlive(tokenId).catch((error: unknown) => {
        this.#deps.logger.debug({ err: error }, "the use of a token could not be stored; it is tried again");
      });
      this.start();
    });
  }

  stop(): void {
    this.#cancel();
  }
}
