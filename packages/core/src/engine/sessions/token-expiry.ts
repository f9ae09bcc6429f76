import type { Instant } from "../../ports/clock.ts";

/** Until when a session may be here by its token. */
export interface TokenExpiry {
  readonly atMs: Instant;
  /** Whether calls that it placed or answered go on afterwards; it is here for nothing else then. */
  readonly sparesCalls: boolean;
}
