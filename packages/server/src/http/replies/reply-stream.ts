import type { Clock } from "@echoo/core";
import type { Response } from "express";

/** A client that takes nothing of what was written for so long is given up. */
export const stalledMs = 30_000;

/** The client went away, or takes nothing: what is being written for it is wanted no longer. */
export class ReaderGone extends Error {
  constructor() {
    super("the client does not read its answer");
    this.name = "ReaderGone";
  }
}

/** A body that is written as it is read. */
export interface ReplyStream {
  /**
   * Sends the head with the first piece. False: the client has not taken what was written before; wait with `drained`
   * before the next piece. Throws `ReaderGone` once the client went away.
   */
  write(text: string): boolean;
  /** Throws `ReaderGone` once the client went away. */
  requireReader(): void;
  /**
   * Resolves when the client has taken enough. Rejects with `ReaderGone` if it goes away, or takes nothing for long.
   */
  drained(): Promise<void>;
}

/** A success whose body is JSON in pieces. What it throws before the first piece is answered like any other fault. */
export interface StreamedReply<Status extends number> {
  readonly status: Status;
  readonly stream: (to: ReplyStream) => Promise<void>;
  /** JSON as a whole, unless it is lines of JSON that come as they are made. */
  readonly type?: "application/x-ndjson";
}

/** Throws `ReaderGone` once the client of this answer went away. */
export function requireReaderOf(response: Response): void {
  if (response.destroyed) throw new ReaderGone();
}

/**
 * Writes the body to its end. What fails after the first piece is thrown with the head sent, `ReaderGone` included:
 * the route must cut the connection then, so that the client notices that its answer is not whole.
 */
export async function sendStream(
  response: Response,
  { status, stream, type }: StreamedReply<number>,
  clock: Clock,
): Promise<void> {
  // A proxy that collects an answer before it passes it on would keep all of it.
  if (type !== undefined) response.set("X-Accel-Buffering", "no");
  await stream(replyStream(response, status, clock, type));
  requireReaderOf(response);
  response.end();
}

function replyStream(response: Response, status: number, clock: Clock, type = "application/json"): ReplyStream {
  return {
    requireReader: () => requireReaderOf(response),
    write(text) {
      requireReaderOf(response);
      if (!response.headersSent) response.status(status).type(type);
      return response.write(text);
    },
    drained: () =>
      new Promise((resolve, reject) => {
        if (response.destroyed) return reject(new ReaderGone());
        if (!response.writableNeedDrain) return resolve();
        const settle = (end: () => void) => () => {
          cancel();
          response.off("drain", onDrain).off("close", onClose);
          end();
        };
        const onDrain = settle(resolve);
        const onClose = settle(() => reject(new ReaderGone()));
        const cancel = clock.after(stalledMs, onClose);
        response.once("drain", onDrain).once("close", onClose);
      }),
  };
}
