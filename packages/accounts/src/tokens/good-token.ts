import type { Instant } from "@echoo/core";

/** A token that was found good: the server's own, or one of the host product. */
export interface GoodToken {
  /** Names it, and is no secret. */
  readonly id: string;
  readonly userId: string;
  readonly expiresAtMs: Instant;
  /** One of the host product is neither listed nor prolonged by its use. */
  readonly kind: "own" | "host";
  /** What the host product calls the user. */
  readonly displayName?: string;
}
