import type { Clock, Steady } from "@echoo/core";
import { Refusal } from "@echoo/protocol";
import type { JSONWebKeySet, JWTVerifyGetKey } from "jose";
import { loadJose } from "./load-jose.ts";

/** Signed with a private key; a holder of the public one can only verify. */
const asymmetric = "RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA Ed25519".split(" ");
/** After this long the keys are read again, so that one that was taken back is not good for ever. */
const freshMs = 5 * 60_000;
/** A token with an unknown key has the keys read again, this often a minute: a forger must not make us hammer them. */
const searchesPerMinute = 6;
const minuteMs = 60_000;
/** After a failure the key server is left alone for this long. */
const restMs = 1_000;
export const maxKeys = 100;

/** What the host product's tokens are signed with. */
export interface ExternalJwtKeys {
  readonly algorithms: readonly string[];
  /** The key for a token, by its header. Refuses `unavailable` while none can be had. */
  readonly keyFor: JWTVerifyGetKey;
}

/** One secret that both sides know: HS256, and nothing else. */
export function sharedSecret(secret: string): ExternalJwtKeys {
  const key = new TextEncoder().encode(secret);
  return { algorithms: ["HS256"], keyFor: () => key };
}

/** Reads the key set once. Gives up by itself within seconds, and never gives more than it was told to expect. */
export type FetchKeySet = () => Promise<JSONWebKeySet>;

interface PublishedKeysDeps {
  readonly fetchKeySet: FetchKeySet;
  readonly clock: Clock;
  /** Told when the keys cannot be read any more, and when they can again. */
  readonly onAway: (error: unknown) => void;
  readonly onBack: () => void;
}

/**
 * Public keys that the host product publishes and changes when it likes. Keys once read go on being good while their
 * server is away; a token whose key is not among them waits for a new reading, and is refused if it is not there
 * either.
 */
export class PublishedKeys implements ExternalJwtKeys {
  readonly algorithms = asymmetric;
  readonly #deps: PublishedKeysDeps;
  #keys: JWTVerifyGetKey | undefined;
  #readAtMs: Steady = 0;
  #failedAtMs: Steady | undefined;
  #reading: Promise<void> | undefined;
  /** When unknown keys were looked for within the last minute. */
  #searchesMs: readonly Steady[] = [];

  constructor(deps: PublishedKeysDeps) {
    this.#deps = deps;
  }

  /** Reads the keys ahead of the first token. Never rejects. */
  async warmUp(): Promise<void> {
    await this.#read();
  }

  readonly keyFor: JWTVerifyGetKey = async (header, token) => {
    if (!this.#keys) await this.#read();
    else if (this.#deps.clock.steady() - this.#readAtMs >= freshMs) void this.#read();
    try {
      return await this.#known(header, token);
    } catch (error) {
      const { errors } = await loadJose();
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
    }
    await this.#readForUnknown();
    return this.#known(header, token);
  };

  readonly #known: JWTVerifyGetKey = (header, token) => {
    if (!this.#keys) throw this.#unavailable();
    return this.#keys(header, token);
  };

  /** Refuses where the keys could not be read: then a new key cannot be told from a made-up one. */
  async #readForUnknown(): Promise<void> {
    if (this.#failedAtMs !== undefined || this.#maySearch()) await this.#read();
    if (this.#failedAtMs !== undefined) throw this.#unavailable();
  }

  #maySearch(): boolean {
    const nowMs = this.#deps.clock.steady();
    this.#searchesMs = this.#searchesMs.filter((atMs) => nowMs - atMs < minuteMs);
    if (this.#searchesMs.length >= searchesPerMinute) return false;
    this.#searchesMs = [...this.#searchesMs, nowMs];
    return true;
  }

  /** One reading at a time, which all that need it share. */
  #read(): Promise<void> {
    const isResting = this.#failedAtMs !== undefined && this.#deps.clock.steady() - this.#failedAtMs < restMs;
    if (isResting) return Promise.resolve();
    this.#reading ??= this.#readOnce().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async #readOnce(): Promise<void> {
    const { fetchKeySet, clock, onAway, onBack } = this.#deps;
    const wasAway = this.#failedAtMs !== undefined;
    try {
      const { createLocalJWKSet } = await loadJose();
      const keys = createLocalJWKSet(publicOnly(await fetchKeySet()));
      this.#keys = keys;
      this.#failedAtMs = undefined;
      this.#readAtMs = clock.steady();
      if (wasAway) onBack();
    } catch (error) {
      this.#failedAtMs = clock.steady();
      if (!wasAway) onAway(error);
    }
  }

  #unavailable(): Refusal {
    const message = "The keys that tokens are verified with cannot be read for a moment; try again.";
    return new Refusal("unavailable", { message, retryInMs: 2_000 });
  }
}

/** A private key in the set is a fault of its publisher, and a secret is no key of ours: neither verifies. */
function publicOnly({ keys }: JSONWebKeySet): JSONWebKeySet {
  if (!Array.isArray(keys)) throw new TypeError("it is no JSON Web Key Set");
  const usable = keys.filter((key) => typeof key === "object" && key !== null && !("d" in key) && key.kty !== "oct");
  return { keys: usable.slice(0, maxKeys) };
}
