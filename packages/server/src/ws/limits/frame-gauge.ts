import type { Duplex } from "node:stream";
import { limits } from "@echoo/protocol";
import type { Arrival, LargeFrames } from "./large-frames.ts";

/** A frame may come in so many pieces, and in one more for each so many bytes of it: less is a drip. */
export const framePieces = { free: 1024, bytesForOneMore: 256 } as const;

export interface FrameGaugeOptions {
  readonly largeFrames: LargeFrames;
  /** Whose socket it is; undefined before the join, when no frame may be large. */
  readonly user: () => string | undefined;
  /** The frame under way is not waited for any longer. */
  readonly giveUp: (code: 1008 | 1009) => void;
}

/**
 * Measures the frame that is under way on a socket, which the WebSocket library tells of only when it is whole. It
 * errs on the small side, by what one read of the socket brings at most.
 */
export class FrameGauge {
  readonly #options: FrameGaugeOptions;
  #bytes = 0;
  #pieces = 0;
  #arrival: Arrival | undefined;
  #isOver = false;

  constructor(options: FrameGaugeOptions) {
    this.#options = options;
  }

  /** Call once the library listens to the stream: its listener must stand between the two here. */
  watch(stream: Duplex): void {
    let newBytes = 0;
    stream.prependListener("data", (piece: Buffer) => {
      newBytes = piece.length;
      this.#bytes += newBytes;
      this.#pieces += 1;
    });
    stream.on("data", () => this.#judge(newBytes));
  }

  /** A message is whole: what is under way now began after it. */
  whole(): void {
    this.#bytes = 0;
    this.#pieces = 0;
    this.#arrival?.end();
    this.#arrival = undefined;
  }

  /** The socket is gone. */
  end(): void {
    this.#isOver = true;
    this.whole();
  }

  #judge(newBytes: number): void {
    if (this.#isOver) return;
    if (this.#pieces > framePieces.free + this.#bytes / framePieces.bytesForOneMore) {
      this.#giveUp(1008);
      return;
    }
    if (this.#bytes <= limits.frameBytes) return;
    if (this.#arrival) {
      this.#arrival.grown(newBytes);
      return;
    }
    const user = this.#options.user();
    if (user === undefined) {
      this.#giveUp(1009);
      return;
    }
    this.#arrival = this.#options.largeFrames.begin(user, () => this.#giveUp(1009));
    this.#arrival.grown(this.#bytes);
  }

  #giveUp(code: 1008 | 1009): void {
    if (this.#isOver) return;
    this.end();
    this.#options.giveUp(code);
  }
}
