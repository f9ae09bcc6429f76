import { type IncomingMessage, type Server, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { limits } from "@echoo/protocol";
import { type RawData, type WebSocket, WebSocketServer } from "ws";
import { type ConnectionFacts, factsOf } from "../../accounts/connection-facts.ts";
import type { OpenAccess } from "../../accounts/open-access-watch.ts";
import { mayConnect } from "../../accounts/origin.ts";
import { Connection } from "./connection.ts";
import type { ConnectionDeps } from "./connection-deps.ts";
import { Heartbeat } from "./heartbeat.ts";
import { SocketLink } from "./socket-link.ts";

/** Sockets that have not joined yet; more are refused until some have, or have timed out. */
const unjoinedMax = 10_000;
/** A message in more pieces than this is no message of ours: the largest is 64 KiB. */
const fragmentsMax = 128;

export interface GatewayDeps extends ConnectionDeps {
  readonly openAccess: OpenAccess;
  readonly origins: readonly string[];
  readonly publicUrl: string | undefined;
}

/** Takes WebSocket upgrades on `/` and `/ws`, and runs each socket until it ends. */
export class WsGateway {
  readonly #deps: GatewayDeps;
  readonly #server = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    clientTracking: false,
    maxPayload: limits.frameBytes,
    maxFragments: fragmentsMax,
    maxBufferedChunks: fragmentsMax * 8,
  });
  readonly #connections = new Map<Connection, SocketLink>();
  #unjoined = 0;
  #isDraining = false;

  constructor(deps: GatewayDeps) {
    this.#deps = deps;
  }

  listenTo(server: Server): void {
    server.on("upgrade", (request, stream, head) => this.#upgrade(request, stream, head));
  }

  /** No new sockets from now on. */
  drain(): void {
    this.#isDraining = true;
  }

  /** Says goodbye to everybody. */
  closeAll(code: 1001 | 1012): void {
    for (const link of this.#connections.values()) link.close(code);
  }

  get socketCount(): number {
    return this.#connections.size;
  }

  #upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void {
    const facts = factsOf(request);
    this.#deps.openAccess.observe(facts);
    const path = (request.url ?? "").split("?", 1)[0];
    if (path !== "/" && path !== "/ws") {
      refuseUpgrade(stream, 404);
      return;
    }
    if (!mayConnect(facts, this.#deps)) {
      this.#deps.logger.warn(
        { origin: facts.headers.origin },
        "a page of another origin was refused; see ECHOO_ORIGINS",
      );
      refuseUpgrade(stream, 403);
      return;
    }
    if (this.#isDraining || this.#unjoined >= unjoinedMax) {
      refuseUpgrade(stream, 503);
      return;
    }
    this.#server.handleUpgrade(request, stream, head, (socket) => this.#open(socket, stream, facts));
  }

  #open(socket: WebSocket, stream: Duplex, facts: ConnectionFacts): void {
    const link = new SocketLink(socket, stream, this.#deps.clock, this.#deps.metrics);
    const connection = new Connection(this.#deps, link, facts, (isReading) => {
      if (isReading) socket.resume();
      else socket.pause();
    });
    this.#connections.set(connection, link);
    this.#unjoined += 1;
    let isCounted = true;
    const countJoin = () => {
      if (isCounted && connection.isJoined) {
        isCounted = false;
        this.#unjoined -= 1;
      }
    };
    const end = () => {
      heartbeat.stop();
      connection.gone();
      if (this.#connections.delete(connection) && isCounted) this.#unjoined -= 1;
    };
    const heartbeat = new Heartbeat(this.#deps.clock, link, this.#deps.pingMs, () => {
      connection.gone();
      link.cut();
    });
    const heard = () => {
      link.lastHeardMs = this.#deps.clock.now();
    };
    socket.on("pong", heard);
    socket.on("ping", heard);
    socket.on("message", (data, isBinary) => {
      heard();
      if (isBinary) link.close(1008);
      else connection.frame(textOf(data));
      countJoin();
    });
    socket.on("error", (error: Error & { code?: string }) => {
      // ws has sent the fitting close frame itself; what is left is to not wait for its answer.
      this.#deps.logger.debug({ err: error }, "a socket broke the protocol");
      this.#deps.clock.after(1_000, () => socket.terminate());
    });
    socket.on("close", end);
  }
}

function textOf(data: RawData): string {
  return Array.isArray(data) ? Buffer.concat(data).toString() : data.toString();
}

function refuseUpgrade(stream: Duplex, status: number): void {
  stream.on("error", () => stream.destroy());
  const body = `${status} ${STATUS_CODES[status]}\n`;
  stream.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Type: text/plain\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
