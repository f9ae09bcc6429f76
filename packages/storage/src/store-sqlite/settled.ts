import type { Instant } from "@echoo/core";

/** As much of a moment as may be believed when what expired before it is deleted. */
export type Settled = (now: Instant) => Instant;
