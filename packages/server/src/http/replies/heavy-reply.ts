import type { Pause } from "@echoo/core";
import type { HeavyReads } from "./heavy-reads.ts";
import { JsonPieces } from "./json-pieces.ts";
import type { StreamedReply } from "./reply-stream.ts";

export interface HeavyReplyDeps {
  readonly heavyReads: HeavyReads;
  /** Ends a step of long work. */
  readonly pause: Pause;
}

/** A long body that is read and written in steps, when this user's turn for such has come. */
export function heavyReply(
  { heavyReads, pause }: HeavyReplyDeps,
  userId: string,
  write: (pieces: JsonPieces) => Promise<void>,
): StreamedReply<200> {
  return {
    status: 200,
    stream: (to) =>
      heavyReads.run(userId, async (place) => {
        await pause();
        const pieces = new JsonPieces({ to, place, pause });
        await write(pieces);
        await pieces.end();
      }),
  };
}
