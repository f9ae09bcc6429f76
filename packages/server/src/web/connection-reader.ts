import { type IncomingMessage, type Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { Server as TlsServer } from "node:tls";
import type { Reader, RequestPacing } from "./request-pacing.ts";

/** What Node's parser is given at a time of what is no body of known length. */
const pieceBytes = 1024;
const piecesPerTurn = 64;
/** What is still read of a body whose request was answered without it, so that the client gets to read the answer. */
export const unwantedBytesMax = 256 * 1024;
const headEnd = "\r\n\r\n";

type Feed = (piece: Buffer) => void;

const readers = new WeakMap<object, ConnectionReader>();

/** Has every connection of the server read in turns, and none while a request of it is not answered. */
export function readInTurns(server: Server, turns: RequestPacing): void {
  // Node's own listener was there first: by now it has given the connection a parser.
  server.on(server instanceof TlsServer ? "secureConnection" : "connection", (socket: Socket) => {
    readers.set(socket, new ConnectionReader(socket, turns));
  });
  server.prependListener("upgrade", (_request, socket) => readers.get(socket)?.release());
}

/** The response to a request, by the server or by Node, which refuses some by itself before the server is asked. */
export class CountedResponse<Request extends IncomingMessage = IncomingMessage> extends ServerResponse<Request> {
  constructor(request: Request, ...options: []) {
    super(request, ...options);
    readers.get(request.socket)?.begun(request, this);
  }
}

/**
 * Feeds the bytes of one connection to Node's parser piece by piece. By itself Node parses all that arrives, and keeps
 * a request and a response for each of a thousand requests in one packet until the first is answered, and what the
 * client does not read besides. Here nothing is read on while a request is not answered, and an answer counts as given
 * once the system has taken the last byte of it: what is not read stays with the client. HTTP gives answers in order in
 * any case.
 */
class ConnectionReader implements Reader {
  readonly #socket: Socket;
  readonly #turns: RequestPacing;
  readonly #feed: Feed;
  #unanswered = 0;
  #begunNow = 0;
  #message: IncomingMessage | undefined;
  /** So many bytes of the message's body are still to come, as far as its head tells. */
  #bodyBytes = 0;
  #unwantedBytes = 0;
  #isOver = false;

  constructor(socket: Socket, turns: RequestPacing) {
    this.#socket = socket;
    this.#turns = turns;
    const [feed] = socket.listeners("data") as Feed[];
    if (feed === undefined) throw new Error("a connection without a parser");
    this.#feed = feed;
    // First the new listener: with none at all Node's parser would read past the stream.
    socket.on("readable", this.#ask);
    socket.off("data", feed);
    // Node resumes a connection for a body that a handler wants to read, and for one whose answers were taken.
    socket.on("resume", this.#ask);
    socket.on("drain", this.#ask);
    socket.once("close", this.#end);
  }

  get hasMore(): boolean {
    return this.#mayRead() && this.#socket.readableLength > 0;
  }

  readSome(): number {
    this.#begunNow = 0;
    for (let pieces = 0; pieces < piecesPerTurn && this.#mayRead(); pieces += 1) {
      const piece = this.#next();
      if (piece === null) break;
      this.#bodyBytes -= piece.length;
      if (this.#isUnwanted(piece)) this.#socket.destroy();
      else this.#feed(piece);
    }
    return this.#begunNow;
  }

  /** Whether it is one piece too much of a body that no handler waits for: it might go on for ever. */
  #isUnwanted(piece: Buffer): boolean {
    if (this.#unanswered > 0 || this.#message === undefined || this.#message.complete) return false;
    this.#unwantedBytes += piece.length;
    return this.#unwantedBytes > unwantedBytesMax;
  }

  /** A request has begun, to which this is going to be the response. */
  begun(request: IncomingMessage, response: ServerResponse): void {
    this.#unanswered += 1;
    this.#begunNow += 1;
    this.#message = request;
    this.#unwantedBytes = 0;
    const { "content-length": length = "0", "transfer-encoding": coding } = request.headers;
    // The piece ended with the head, but where the four bytes of its end came in two pieces.
    this.#bodyBytes = coding === undefined ? Number.parseInt(length, 10) : 0;
    response.once("close", () => {
      this.#unanswered -= 1;
      this.#ask();
    });
  }

  /**
   * The connection becomes a WebSocket's. A client that did not wait for the answers before it would mix them with it.
   */
  release(): void {
    this.#end();
    readers.delete(this.#socket);
    this.#socket.off("readable", this.#ask).off("resume", this.#ask).off("drain", this.#ask).off("close", this.#end);
    if (this.#unanswered > 0) this.#socket.destroy();
  }

  readonly #ask = (): void => {
    if (this.#mayRead()) this.#turns.ask(this);
    // A client that has gone is noticed at once: its answer may be a long one that need not be made any more.
    else if (this.#socket.readableLength === 0) this.#socket.read(0);
  };

  readonly #end = (): void => {
    this.#isOver = true;
    this.#turns.leave(this);
  };

  #mayRead(): boolean {
    if (this.#isOver || this.#socket.destroyed || this.#socket.writableEnded || isHeldByNode(this.#socket))
      return false;
    const message = this.#message;
    if (message === undefined || message.complete) return this.#unanswered === 0;
    // The rest of its body: as fast as it is taken, and not before the answers to what came first.
    return this.#unanswered <= 1 && message.readableLength < message.readableHighWaterMark;
  }

  #next(): Buffer | null {
    const available = this.#socket.readableLength;
    // With nothing there the stream looks whether it has ended.
    if (available === 0) return this.#socket.read();
    if (this.#bodyBytes > 0) return this.#socket.read(Math.min(available, this.#bodyBytes));
    const piece: Buffer = this.#socket.read(Math.min(available, pieceBytes));
    const end = piece.indexOf(headEnd) + headEnd.length;
    if (end < headEnd.length || end === piece.length) return piece;
    // What follows a head is another request, a body, or a WebSocket's first frame.
    this.#socket.unshift(piece.subarray(end));
    return piece.subarray(0, end);
  }
}

/** Node holds a connection whose answers are not taken, and does not bear to be fed then. */
function isHeldByNode(socket: Socket & { readonly _paused?: boolean }): boolean {
  return socket._paused === true;
}
