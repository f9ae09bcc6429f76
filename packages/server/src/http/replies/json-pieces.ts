import type { Pause } from "@echoo/core";
import type { HeavyPlace } from "./heavy-reads.ts";
import type { ReplyStream } from "./reply-stream.ts";

/** How many characters are collected before they are sent. */
export const pieceChars = 32 * 1024;

interface JsonPiecesDeps {
  readonly to: ReplyStream;
  readonly pause: Pause;
  readonly place: HeavyPlace;
}

/** Writes a long JSON document in steps, and holds one piece of it: the next step waits until the client took that. */
export class JsonPieces {
  readonly #deps: JsonPiecesDeps;
  #text = "";

  constructor(deps: JsonPiecesDeps) {
    this.#deps = deps;
  }

  put(text: string): void {
    this.#text += text;
  }

  /** Ends a step: sends what has come together. Throws `ReaderGone` once the client went away. */
  async step(): Promise<void> {
    this.#deps.to.requireReader();
    if (this.#text.length >= pieceChars) await this.#send();
    await this.#deps.pause();
  }

  /** Sends the rest. */
  async end(): Promise<void> {
    if (this.#text !== "") await this.#send();
  }

  async #send(): Promise<void> {
    const { to, place } = this.#deps;
    const isTaken = to.write(this.#text);
    this.#text = "";
    if (!isTaken) await place.aside(() => to.drained());
  }
}

/** The elements of one array in it. */
export class JsonElements<T extends object> {
  readonly #pieces: JsonPieces;
  #isFirst = true;

  constructor(pieces: JsonPieces) {
    this.#pieces = pieces;
  }

  /** Stands before each element that is written by itself. */
  begin(): void {
    if (!this.#isFirst) this.#pieces.put(",");
    this.#isFirst = false;
  }

  add(value: T): void {
    this.begin();
    this.#pieces.put(JSON.stringify(value));
  }
}
