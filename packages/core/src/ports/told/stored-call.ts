import type { EndedCall } from "../../call/record.ts";
import type { StoredVerdict } from "../../verdict/verdict.ts";

/** A call in history: seen by the server, or told by clients. */
export interface StoredCall extends EndedCall {
  /** Who posted it, where the server did not see it itself. */
  readonly reportedBy?: readonly string[];
  /** A reported call that both parties see: both posted it, or it came under open access. */
  readonly sharedReport?: boolean;
  /** What became of it. None is made of a call that only clients told of. */
  readonly verdict?: StoredVerdict;
}

/** A verdict that was made, on its way to its call. */
export interface MadeVerdict {
  readonly callId: string;
  readonly verdict: StoredVerdict;
}
