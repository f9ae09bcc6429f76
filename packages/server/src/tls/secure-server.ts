import type { RequestListener } from "node:http";
import { Server, type ServerOptions } from "node:https";
import type { Socket } from "node:net";
import type { SecureContextOptions } from "node:tls";

/** The first byte of a TLS handshake (RFC 8446, 5.1). */
const tlsHandshake = 0x16;

/**
 * An HTTPS server that tells a client which speaks plain HTTP to use https, instead of hanging up on it without a
 * word, and that knows all of its connections, those included that have not finished their handshake.
 */
export class SecureServer extends Server {
  readonly #sockets = new Set<Socket>();

  constructor(
    options: ServerOptions & { readonly handshakeTimeout: number },
    certificate: SecureContextOptions,
    answer: RequestListener,
  ) {
    super(options, answer);
    this.setSecureContext(certificate);
    const [handshake] = this.listeners("connection") as ((socket: Socket) => void)[];
    if (handshake === undefined) throw new Error("an HTTPS server without a listener for connections");
    this.removeAllListeners("connection");
    this.on("connection", (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once("close", () => this.#sockets.delete(socket));
      greet(socket, options.handshakeTimeout, () => Reflect.apply(handshake, this, [socket]));
    });
  }

  override closeAllConnections(): void {
    super.closeAllConnections();
    for (const socket of this.#sockets) socket.destroy();
  }
}

/** Waits for the first byte, which tells what the client speaks. */
function greet(socket: Socket, silentMs: number, handshake: () => void): void {
  const giveUp = () => socket.destroy();
  socket.on("error", giveUp);
  socket.on("end", giveUp);
  socket.setTimeout(silentMs, giveUp);
  socket.once("readable", () => {
    const first: Buffer | null = socket.read();
    if (first === null) return;
    if (isPlainHttp(first)) {
      refuse(socket, first);
      return;
    }
    socket.off("error", giveUp);
    socket.off("end", giveUp);
    socket.setTimeout(0);
    socket.off("timeout", giveUp);
    // The handshake takes what is there already before it reads on.
    socket.unshift(first);
    handshake();
  });
}

/** Anything else gets TLS's own answer to nonsense. */
function isPlainHttp(bytes: Buffer): boolean {
  return bytes[0] !== tlsHandshake && /^[A-Z]{3,}[ ]/.test(bytes.subarray(0, 16).toString("latin1"));
}

function refuse(socket: Socket, request: Buffer): void {
  const head = request.subarray(0, 8192).toString("latin1");
  const host = /\r\nhost: *([\w.-]+(?::\d+)?|\[[\da-f:.]+\](?::\d+)?)\r\n/i.exec(head)?.[1];
  const where = host === undefined ? "" : `: https://${host}/ or wss://${host}/ws`;
  const body = `This port speaks HTTPS and WSS alone${where}\n`;
  socket.once("finish", () => socket.destroy());
  socket.end(
    `HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\n` +
      `X-Content-Type-Options: nosniff\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
