import { connect, type Socket } from "node:net";
import { connect as connectSecurely } from "node:tls";
import { isPing, isText, pongFrame, readFrames, textFrame } from "./frames.ts";

/** An address has some 28,000 ports for connections to one server; so many sockets leave from each. */
const socketsPerAddress = 4_000;
const openDeadlineMs = 30_000;
const nothing = Buffer.alloc(0);

let opened = 0;

export interface Place {
  readonly port: number;
  readonly secure?: boolean;
}

/** A WebSocket that costs the load tool little: no library, no events but these. */
export class LoadSocket {
  onText: (text: string) => void = () => {};
  onClose: () => void = () => {};
  receivedBytes = 0;
  readonly #socket: Socket;
  #rest: Buffer = nothing;

  private constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** Connects from the loopback address whose turn it is, and upgrades. */
  static open({ port, secure = false }: Place, path: string): Promise<LoadSocket> {
    const localAddress = `127.0.0.${2 + (Math.floor(opened++ / socketsPerAddress) % 250)}`;
    const to = { port, host: "127.0.0.1", localAddress, noDelay: true };
    const socket = secure ? connectSecurely({ ...to, rejectUnauthorized: false }) : connect(to);
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => socket.destroy(new Error("a socket did not open in time")), openDeadlineMs);
      socket.once(secure ? "secureConnect" : "connect", () => socket.write(upgradeRequest(path, port)));
      socket.once("error", reject);
      socket.once("close", () => reject(new Error("the server refused a socket")));
      socket.once("data", (bytes) => {
        clearTimeout(late);
        const head = bytes.toString("latin1").split("\r\n\r\n", 1)[0] ?? "";
        if (!head.startsWith("HTTP/1.1 101")) {
          socket.destroy(new Error(`no upgrade: ${head.slice(0, 200)}`));
          return;
        }
        const opened = new LoadSocket(socket);
        socket.on("data", (more) => opened.#received(more));
        socket.removeAllListeners("error").on("error", () => {});
        socket.removeAllListeners("close").on("close", () => opened.onClose());
        resolve(opened);
        // What came with the head, once the one who awaits the socket listens.
        const rest = bytes.subarray(head.length + 4);
        if (rest.length > 0) setImmediate(() => opened.#received(rest));
      });
    });
  }

  /** Sends frames in one write. */
  send(...texts: readonly string[]): void {
    const [first] = texts;
    if (texts.length === 1 && first !== undefined) this.#socket.write(textFrame(first));
    else this.#socket.write(Buffer.concat(texts.map(textFrame)));
  }

  /** Cuts the connection, as a network does that goes away. */
  cut(): void {
    this.#socket.destroy();
  }

  #received(bytes: Buffer): void {
    this.receivedBytes += bytes.length;
    const all = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    const { frames, taken } = readFrames(all);
    this.#rest = taken === all.length ? nothing : all.subarray(taken);
    for (const frame of frames) {
      if (isText(frame)) this.onText(frame.payload.toString("utf8"));
      else if (isPing(frame)) this.#socket.write(pongFrame(frame.payload));
    }
  }
}

function upgradeRequest(path: string, port: number): string {
  return [
    `GET ${path} HTTP/1.1`,
    `Host: 127.0.0.1:${port}`,
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    "\r\n",
  ].join("\r\n");
}
