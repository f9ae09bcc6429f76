import { createServer, type RequestListener, type Server } from "node:http";
import type { SecureContextOptions } from "node:tls";
import type { Clock } from "@echoo/core";
import { SecureServer } from "../tls/secure-server.ts";
import { CountedResponse, readInTurns } from "./connection-reader.ts";
import { IncomingRequest } from "./incoming-request.ts";
import type { RequestPacing } from "./request-pacing.ts";

/** How long a client may take for what, and how many there may be at once. */
export interface WebServerLimits {
  /** From the first byte of a request to the end of its headers, and to the end of its body. TLS has the former too. */
  readonly headersMs: number;
  readonly requestMs: number;
  /** A connection on which nothing moves at all, as when a client does not read its answer. WebSockets have pings. */
  readonly silentMs: number;
  /** An idle connection is kept this long for the client's next request. */
  readonly keepAliveMs: number;
  /** How often the first two are looked after. */
  readonly checkEveryMs: number;
  readonly connectionsMax: number;
  /** Of a request's path, and of the names and values of its headers, together. */
  readonly headerBytesMax: number;
}

export const webServerLimits: WebServerLimits = {
  headersMs: 10_000,
  requestMs: 30_000,
  silentMs: 60_000,
  keepAliveMs: 10_000,
  checkEveryMs: 1_000,
  connectionsMax: 50_000,
  headerBytesMax: 16 * 1024,
};

/** Requests under way get this long to end when the server closes. */
const lastRequestsMs = 2_000;

interface WebServerParts {
  readonly answer: RequestListener;
  /** Of all servers together, where there are several. */
  readonly turns: RequestPacing;
  readonly limits?: WebServerLimits;
  /** With one it speaks HTTPS alone. */
  readonly certificate?: SecureContextOptions | undefined;
}

export function createWebServer({ answer, turns, limits = webServerLimits, certificate }: WebServerParts): Server {
  const options = {
    IncomingMessage: IncomingRequest,
    ServerResponse: CountedResponse,
    headersTimeout: limits.headersMs,
    requestTimeout: limits.requestMs,
    keepAliveTimeout: limits.keepAliveMs,
    connectionsCheckingInterval: limits.checkEveryMs,
    // Node refuses as many as it is told.
    maxHeaderSize: limits.headerBytesMax + 1,
    // Of TLS alone.
    handshakeTimeout: limits.headersMs,
  };
  const server =
    certificate === undefined ? createServer(options, answer) : new SecureServer(options, certificate, answer);
  readInTurns(server, turns);
  server.timeout = limits.silentMs;
  server.maxConnections = limits.connectionsMax;
  return server;
}

/** Resolves with the port once the server listens; rejects with the system's error where it cannot. */
export function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      const address = server.address();
      resolve(typeof address === "object" && address ? address.port : port);
    });
  });
}

/** Takes nothing new, and resolves once every connection has ended, by force if it does not by itself. */
export function closeWebServer(server: Server, clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    const cancel = clock.after(lastRequestsMs, () => server.closeAllConnections());
    server.close(() => {
      cancel();
      resolve();
    });
    server.closeIdleConnections();
  });
}
