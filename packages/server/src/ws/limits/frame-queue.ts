/**
 * The frames of one socket, handled strictly one after the other. Whatever has to wait, for the database or for the
 * limits, holds the queue; a held queue handles nothing, and its socket is not read.
 */
export class FrameQueue<Frame> {
  readonly #handle: (frame: Frame) => void;
  readonly #setReading: (isReading: boolean) => void;
  #frames: Frame[] = [];
  #holds = 0;
  #isOver = false;

  constructor(handle: (frame: Frame) => void, setReading: (isReading: boolean) => void) {
    this.#handle = handle;
    this.#setReading = setReading;
  }

  push(frame: Frame): void {
    if (this.#isOver) return;
    this.#frames.push(frame);
    this.#work();
  }

  /** Nothing further is handled until every hold is released. */
  hold(): void {
    this.#holds += 1;
    if (this.#holds === 1 && !this.#isOver) this.#setReading(false);
  }

  release(): void {
    this.#holds -= 1;
    if (this.#holds > 0 || this.#isOver) return;
    this.#work();
    if (this.#holds === 0 && !this.#isOver) this.#setReading(true);
  }

  /** What waits is forgotten, and nothing more is taken. */
  end(): void {
    this.#isOver = true;
    this.#frames = [];
  }

  #work(): void {
    while (this.#holds === 0) {
      const frame = this.#frames.shift();
      if (frame === undefined) return;
      this.#handle(frame);
    }
  }
}
