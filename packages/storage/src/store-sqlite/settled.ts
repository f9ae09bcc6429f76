import type { Instant } from "@echoo/core";

/** As much of a moment as may be believed by whoever deletes what expired before it. */
export type Settled = (now: Instant) => Instant;
