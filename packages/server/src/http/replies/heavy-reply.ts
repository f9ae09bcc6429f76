import type { HttpDeps } from "../http-deps.ts";
import { JsonPieces } from "./json-pieces.ts";
import type { StreamedReply } from "./reply-stream.ts";

/** A long body that is read and written in steps, when this user's turn for such has come. */
export function heavyReply(
  { heavyReads, pause }: Pick<HttpDeps, "heavyReads" | "pause">,
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
