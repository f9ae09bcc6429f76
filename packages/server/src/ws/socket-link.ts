import type { Duplex } from "node:stream";
import type { Clock, Link, Steady } from "@echoo/core";
import { type CloseCode, closeCodes, type ServerMessage } from "@echoo/protocol";
import type { Metrics } from "../observability/metrics.ts";
import type { ClientSocket } from "./client-socket.ts";
import { legacyMessages } from "./legacy-wire.ts";
import { textFrames } from "./text-frames.ts";

/** A reader this far behind is cut. */
export const sendQueueBytesMax = 1024 * 1024;
/** After a close frame, ours or the client's, the connection is cut within this time, answered or not. */
export const cutAfterMs = 750;
/** When a reader that was too slow may come back. */
const slowReaderRetryMs = 5_000;

/** One WebSocket as the engine's way to a client. What is sent within a turn is written at once, at its end. */
export class SocketLink implements Link {
  lastHeardMs: Steady;
  readonly network: string | undefined;
  /** False while the client is over its limits, or has to wait: what it says is not heard then, pongs included. */
  isReading = true;
  readonly #socket: ClientSocket;
  readonly #stream: Duplex;
  readonly #clock: Clock;
  readonly #metrics: Metrics;
  #isLegacy = false;
  /** What was sent in this turn, and is written at its end. */
  #texts: string[] = [];
  readonly #atEndOfTurn = () => this.#writeOut();
  #isClosing = false;

  constructor(socket: ClientSocket, stream: Duplex, clock: Clock, metrics: Metrics, network?: string) {
    this.#socket = socket;
    this.#stream = stream;
    this.#clock = clock;
    this.#metrics = metrics;
    this.network = network;
    this.lastHeardMs = clock.steady();
  }

  get silentMs(): number {
    return this.#clock.steady() - this.lastHeardMs;
  }

  /** Whether the client has shown that it speaks the older wire. */
  get isLegacy(): boolean {
    return this.#isLegacy;
  }

  set isLegacy(isLegacy: boolean) {
    this.#isLegacy = isLegacy;
    this.#socket.isCutInstead = isLegacy;
  }

  /** Whether it was closed from this side: whatever its client still says is not heard. */
  get isClosing(): boolean {
    return this.#isClosing;
  }

  send(message: ServerMessage): number {
    if (!this.#isLegacy) return this.#write(JSON.stringify(message), message);
    let chars = 0;
    for (const translated of legacyMessages(message)) chars += this.#write(JSON.stringify(translated), translated);
    return chars;
  }

  sendText(text: string, message: ServerMessage): void {
    if (this.#isLegacy) this.send(message);
    else this.#write(text, message);
  }

  close(code: CloseCode, retryInMs?: number): void {
    // What was said before the goodbye is written before it, and may be what its reader is too slow for.
    if (!this.#isClosing) this.#writeOut();
    if (this.#isClosing) return;
    this.#isClosing = true;
    this.#metrics.socketClosed(this.#isLegacy ? "cut" : code);
    if (this.#isLegacy) {
      // A close frame would leave the app waiting; a cut connection it notices at once.
      this.#hangUp();
      return;
    }
    const reason = retryInMs === undefined ? closeCodes[code].meaning : `retry in ${retryInMs} ms`;
    // ws itself cuts the connection after `cutAfterMs`.
    this.#socket.close(code, reason);
  }

  /** Ends the connection without a word: the client is taken to be gone. */
  cut(): void {
    this.#isClosing = true;
    this.#socket.terminate();
  }

  setReading(isReading: boolean): void {
    this.isReading = isReading;
    if (isReading) this.#socket.resume();
    else this.#socket.pause();
  }

  ping(): void {
    if (!this.#isClosing && this.#socket.readyState === this.#socket.OPEN) this.#socket.ping();
  }

  /** The last words still leave, and the client sees the end of the stream; if it does not react, it is cut. */
  #hangUp(): void {
    this.#stream.end();
    const cancel = this.#clock.after(cutAfterMs, () => this.#socket.terminate());
    this.#socket.once("close", cancel);
  }

  #write(text: string, message: ServerMessage): number {
    if (!this.#isOpen) return text.length;
    this.#metrics.message("out", message.type);
    // The engine's refusals and the socket's own alike: what a flood of them comes from shows here alone.
    if (message.type === "error") this.#metrics.refused("ws", message.code);
    if (this.#texts.push(text) === 1) process.nextTick(this.#atEndOfTurn);
    return text.length;
  }

  get #isOpen(): boolean {
    return !this.#isClosing && this.#socket.readyState === this.#socket.OPEN;
  }

  /** Not after a close frame, ours or the answer to the client's: it is the last thing that is said. */
  #writeOut(): void {
    const texts = this.#texts;
    if (texts.length === 0) return;
    this.#texts = [];
    if (!this.#isOpen) return;
    this.#stream.write(textFrames(texts, this.#stream.writableLength > 0));
    if (this.#stream.writableLength > sendQueueBytesMax) this.close(4429, slowReaderRetryMs);
  }
}
