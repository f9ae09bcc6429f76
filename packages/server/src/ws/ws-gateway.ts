import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { type Accounts, type ClientAddress, type ConnectionFacts, factsOf, mayConnect } from "@echoo/accounts";
import type { Clock } from "@echoo/core";
import { limits } from "@echoo/protocol";
import { type RawData, type ServerOptions, WebSocketServer } from "ws";
import type { Config } from "../config/read-config.ts";
import type { Logger } from "../observability/logging.ts";
import type { Metrics } from "../observability/metrics.ts";
import { ClientSocket } from "./client-socket.ts";
import { Connection } from "./connection.ts";
import type { ConnectionDeps, SocketEngine } from "./connection-deps.ts";
import { Heartbeat } from "./heartbeat.ts";
import { FrameGauge } from "./limits/frame-gauge.ts";
import { LargeFrames } from "./limits/large-frames.ts";
import { SocketLimits, type SocketPlace, socketRates } from "./limits/socket-limits.ts";
import { refuseUpgrade } from "./refuse-upgrade.ts";
import { cutAfterMs, SocketLink } from "./socket-link.ts";
import { UnjoinedSockets } from "./unjoined-sockets.ts";
import { UserBudgets } from "./user-budgets.ts";

/** A message in more fragments than this is no message of ours: clients write each as one frame. */
export const fragmentsMax = 128;
/** Far more reads than the largest frame needs; how many a frame of its size may need is for the gauge to say. */
const bufferedChunksMax = 128 * 1024;

/** What browsers close the sockets of a page with that is closed or loaded anew (RFC 6455, 7.4.1). */
const pageGoesAway = 1001;

/** `closeTimeout` is newer than the types of ws. */
const socketOptions: ServerOptions<typeof ClientSocket> & { readonly closeTimeout: number } = {
  noServer: true,
  WebSocket: ClientSocket,
  perMessageDeflate: false,
  clientTracking: false,
  maxPayload: limits.skippedFrameBytes,
  maxFragments: fragmentsMax,
  maxBufferedChunks: bufferedChunksMax,
  closeTimeout: cutAfterMs,
};

export interface GatewayDeps {
  readonly config: Pick<Config, "joinMs" | "origins" | "pingMs" | "publicUrl" | "rateLimits" | "socketsPerAddress">;
  readonly accounts: Pick<
    Accounts,
    "authenticator" | "clientOf" | "credentials" | "observe" | "ownHosts" | "tokens" | "userIdRule"
  >;
  readonly engine: SocketEngine;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** Takes WebSocket upgrades on `/` and `/ws`, and runs each socket until it ends. */
export class WsGateway {
  readonly #deps: GatewayDeps;
  readonly #server = new WebSocketServer(socketOptions);
  readonly #connections = new Map<Connection, SocketLink>();
  readonly #unjoined = new UnjoinedSockets<SocketLink>();
  readonly #limits: SocketLimits;
  readonly #connectionDeps: ConnectionDeps;
  #isDraining = false;

  constructor(deps: GatewayDeps) {
    this.#deps = deps;
    const { config, accounts, engine, clock, logger, metrics } = deps;
    const rates = config.rateLimits ? socketRates(config.socketsPerAddress) : undefined;
    this.#limits = new SocketLimits(rates, clock);
    this.#connectionDeps = {
      engine,
      authenticator: accounts.authenticator,
      credentials: accounts.credentials,
      tokens: accounts.tokens,
      clock,
      logger,
      metrics,
      largeFrames: new LargeFrames(clock),
      userBudgets: new UserBudgets(),
      userIdRule: accounts.userIdRule,
      joinMs: config.joinMs,
      pingMs: config.pingMs,
      rateLimits: config.rateLimits,
    };
  }

  listenTo(server: Server): void {
    server.on("upgrade", (request, stream, head) => this.#upgrade(request, stream, head));
  }

  /** No new sockets from now on. */
  drain(): void {
    this.#isDraining = true;
  }

  /** Says goodbye to all clients. */
  closeAll(code: 1001 | 1012): void {
    for (const link of this.#connections.values()) link.close(code);
  }

  #upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void {
    if (stream.destroyed) return;
    const facts = factsOf(request);
    const { host } = facts.headers;
    const { accounts } = this.#deps;
    if (accounts.ownHosts.isOwn(host)) {
      const client = accounts.clientOf(facts);
      accounts.observe(facts, client);
      void this.#admit(request, stream, head, facts, client);
      return;
    }
    this.#deps.logger.warn({ host }, "an upgrade for another host was refused; see ECHOO_HOSTS");
    this.#deps.metrics.refused("ws", "unknown_host");
    refuseUpgrade(stream, 421);
  }

  /** Takes the upgrade if its address may have one more socket. What is refused counts too, for it costs as much. */
  async #admit(
    request: IncomingMessage,
    stream: Duplex,
    head: Buffer,
    facts: ConnectionFacts,
    client: ClientAddress,
  ): Promise<void> {
    const onError = () => stream.destroy();
    stream.on("error", onError);
    const place = await this.#limits.take(client);
    stream.off("error", onError);
    if (typeof place === "number") {
      this.#deps.metrics.refused("ws", "rate_limited");
      refuseUpgrade(stream, 429, place);
      return;
    }
    stream.once("close", () => place.leave());
    const refusal = this.#refusal(request, facts);
    if (stream.destroyed) place.leave();
    else if (refusal !== undefined) refuseUpgrade(stream, refusal);
    else this.#server.handleUpgrade(request, stream, head, (socket) => this.#open(socket, stream, facts, place));
  }

  #refusal(request: IncomingMessage, facts: ConnectionFacts): 403 | 404 | 503 | undefined {
    const path = (request.url ?? "").split("?", 1)[0];
    if (path !== "/" && path !== "/ws") return 404;
    if (!mayConnect(facts, this.#deps.config)) {
      const { origin } = facts.headers;
      this.#deps.logger.warn({ origin }, "a page of another origin was refused; see ECHOO_ORIGINS");
      return 403;
    }
    return this.#isDraining ? 503 : undefined;
  }

  #open(socket: ClientSocket, stream: Duplex, facts: ConnectionFacts, place: SocketPlace): void {
    const { clock, logger, metrics, config } = this.#deps;
    const link = new SocketLink(socket, stream, clock, metrics);
    const connection = new Connection(this.#connectionDeps, link, facts, {
      setReading: (isReading) => link.setReading(isReading),
      setJoined: (isJoined) => {
        place.setJoined(isJoined);
        if (isJoined) this.#unjoined.delete(link);
        else this.#unjoined.add(link);
      },
    });
    this.#connections.set(connection, link);
    this.#unjoined.add(link);
    const heartbeat = new Heartbeat(clock, link, config.pingMs, () => {
      connection.gone(link.silentMs);
      link.cut();
    });
    const gauge = this.#gauge(stream, connection, link);
    const heard = () => {
      link.lastHeardMs = clock.steady();
    };
    socket.on("pong", heard);
    socket.on("ping", heard);
    socket.on("message", (data, isBinary) => {
      heard();
      gauge.whole();
      if (isBinary) link.close(1008);
      else connection.frame(bytesOf(data));
    });
    // ws has sent the fitting close frame itself, and the end of the connection follows.
    socket.on("error", (err) => logger.debug({ err }, "a socket broke the protocol"));
    socket.on("close", (code) => {
      heartbeat.stop();
      gauge.end();
      // What this side closes a socket with comes back from the client, and says nothing about it.
      connection.gone(0, code === pageGoesAway && !link.isClosing);
      this.#connections.delete(connection);
      this.#unjoined.delete(link);
    });
  }

  #gauge(stream: Duplex, connection: Connection, link: SocketLink): FrameGauge {
    const gauge = new FrameGauge({
      largeFrames: this.#connectionDeps.largeFrames,
      user: () => connection.user,
      giveUp: (code) => link.close(code),
    });
    gauge.watch(stream);
    return gauge;
  }
}

function bytesOf(data: RawData): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data);
  return Buffer.isBuffer(data) ? data : Buffer.from(data);
}
