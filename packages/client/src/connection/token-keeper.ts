import type { ClientClock } from "../client-clock.ts";
import { asEchooError, type EchooError } from "../echoo-error.ts";
import type { TokenSource } from "./token-source.ts";

/** A source that failed is asked again after this long, while the old token is still good. */
const retryMs = 10_000;

interface TokenKeeperPort {
  readonly clock: ClientClock;
  /** Proves the user by a new token, in place. */
  renew(token: string): Promise<void>;
  fault(error: EchooError): void;
}

/** The token of a client: given once, or fetched afresh whenever one is needed. */
export class TokenKeeper {
  readonly #port: TokenKeeperPort;
  #source: TokenSource | undefined;
  #cancelRetry: (() => void) | undefined;

  constructor(port: TokenKeeperPort, source: TokenSource | undefined) {
    this.#port = port;
    this.#source = source;
  }

  /** Whether another token can be had after one was refused. */
  get isFresh(): boolean {
    return typeof this.#source === "function";
  }

  /** A token that was given by hand is that of later joins; a function goes on being asked. */
  given(token: string): void {
    if (!this.isFresh) this.#source = token;
  }

  /** The token for a join. Rejects with an EchooError. */
  next(): string | undefined | Promise<string> {
    const source = this.#source;
    return typeof source === "function" ? this.#ask(source) : source;
  }

  /** The last token ends then: the next one takes its place, if the application gave a function that gets it. */
  async expiring(inMs: number): Promise<void> {
    this.stop();
    const source = this.#source;
    if (typeof source !== "function") return;
    try {
      await this.#port.renew(await this.#ask(source));
    } catch (cause) {
      const error = asEchooError(cause, "token_failed");
      // Then the next join brings a token of its own.
      if (error.code === "offline") return;
      this.#port.fault(error);
      if (inMs > retryMs) this.#cancelRetry = this.#port.clock.after(retryMs, () => this.expiring(inMs - retryMs));
    }
  }

  /** The link is gone: its next join brings a token of its own. */
  stop(): void {
    this.#cancelRetry?.();
    this.#cancelRetry = undefined;
  }

  async #ask(source: () => string | Promise<string>): Promise<string> {
    try {
      return await source();
    } catch (cause) {
      throw asEchooError(cause, "token_failed");
    }
  }
}
