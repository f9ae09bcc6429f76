import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { limits } from "@echoo/protocol";
import { type RawData, type ServerOptions, WebSocketServer } from "ws";
import { type ConnectionFacts, factsOf } from "../../accounts/connection-facts.ts";
import type { OpenAccess } from "../../accounts/open-access-watch.ts";
import { mayConnect } from "../../accounts/origin.ts";
import { answerAsRequest } from "./answer-as-request.ts";
import { ClientSocket } from "./client-socket.ts";
import { Connection } from "./connection.ts";
import type { ConnectionDeps } from "./connection-deps.ts";
import { Heartbeat } from "./heartbeat.ts";
import { refuseUpgrade } from "./refuse-upgrade.ts";
import { cutAfterMs, SocketLink } from "./socket-link.ts";

/** Sockets that have not joined yet; more are refused until some have, or have timed out. */
const unjoinedMax = 10_000;
/** A message in more pieces than this is no message of ours: the largest is 64 KiB. */
const fragmentsMax = 128;

/** `closeTimeout` is newer than the types of ws. */
const socketOptions: ServerOptions<typeof ClientSocket> & { readonly closeTimeout: number } = {
  noServer: true,
  WebSocket: ClientSocket,
  perMessageDeflate: false,
  clientTracking: false,
  maxPayload: limits.frameBytes,
  maxFragments: fragmentsMax,
  maxBufferedChunks: fragmentsMax * 8,
  closeTimeout: cutAfterMs,
};

export interface GatewayDeps extends ConnectionDeps {
  readonly openAccess: OpenAccess;
  readonly origins: readonly string[];
  readonly publicUrl: string | undefined;
}

/** Takes WebSocket upgrades on `/` and `/ws`, and runs each socket until it ends. */
export class WsGateway {
  readonly #deps: GatewayDeps;
  readonly #server = new WebSocketServer(socketOptions);
  readonly #connections = new Map<Connection, SocketLink>();
  readonly #unjoined = new Set<ClientSocket>();
  #isDraining = false;

  constructor(deps: GatewayDeps) {
    this.#deps = deps;
  }

  listenTo(server: Server): void {
    server.on("upgrade", (request, stream, head) => this.#upgrade(server, request, stream, head));
  }

  /** No new sockets from now on. */
  drain(): void {
    this.#isDraining = true;
  }

  /** Says goodbye to everybody. */
  closeAll(code: 1001 | 1012): void {
    for (const link of this.#connections.values()) link.close(code);
  }

  #upgrade(server: Server, request: IncomingMessage, stream: Duplex, head: Buffer): void {
    if (request.headers.upgrade?.toLowerCase() !== "websocket") {
      answerAsRequest(server, request, stream, head);
      return;
    }
    const facts = factsOf(request);
    this.#deps.openAccess.observe(facts);
    const refusal = this.#refusal(request, facts);
    if (refusal === undefined) {
      this.#server.handleUpgrade(request, stream, head, (socket) => this.#open(socket, stream, facts));
    } else {
      refuseUpgrade(stream, refusal);
    }
  }

  #refusal(request: IncomingMessage, facts: ConnectionFacts): 403 | 404 | 503 | undefined {
    const path = (request.url ?? "").split("?", 1)[0];
    if (path !== "/" && path !== "/ws") return 404;
    if (!mayConnect(facts, this.#deps)) {
      const { origin } = facts.headers;
      this.#deps.logger.warn({ origin }, "a page of another origin was refused; see ECHOO_ORIGINS");
      return 403;
    }
    return this.#isDraining || this.#unjoined.size >= unjoinedMax ? 503 : undefined;
  }

  #open(socket: ClientSocket, stream: Duplex, facts: ConnectionFacts): void {
    const { clock, logger, metrics, pingMs } = this.#deps;
    const link = new SocketLink(socket, stream, clock, metrics);
    const connection = new Connection(this.#deps, link, facts, {
      setReading: (isReading) => link.setReading(isReading),
      setJoined: (isJoined) => (isJoined ? this.#unjoined.delete(socket) : this.#unjoined.add(socket)),
    });
    this.#connections.set(connection, link);
    this.#unjoined.add(socket);
    const heartbeat = new Heartbeat(clock, link, pingMs, () => {
      connection.gone(link.lastHeardMs);
      link.cut();
    });
    const heard = () => {
      link.lastHeardMs = clock.now();
    };
    socket.on("pong", heard);
    socket.on("ping", heard);
    socket.on("message", (data, isBinary) => {
      heard();
      if (isBinary) link.close(1008);
      else connection.frame(textOf(data));
    });
    // ws has sent the fitting close frame itself, and the end of the connection follows.
    socket.on("error", (err) => logger.debug({ err }, "a socket broke the protocol"));
    socket.on("close", () => {
      heartbeat.stop();
      connection.gone(clock.now());
      this.#connections.delete(connection);
      this.#unjoined.delete(socket);
    });
  }
}

function textOf(data: RawData): string {
  return Array.isArray(data) ? Buffer.concat(data).toString() : data.toString();
}
