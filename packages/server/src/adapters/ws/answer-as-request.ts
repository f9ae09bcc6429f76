import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { TLSSocket } from "node:tls";

/** What asks for the other protocol, and would ask again. */
const upgradeHeaders: ReadonlySet<string> = new Set(["upgrade", "http2-settings"]);

/**
 * Answers a request that asked for a protocol other than WebSocket as if it had not asked (RFC 9110, 7.8). Clients
 * that prefer HTTP/2 ask for it with every first request, and Node gives all such requests to the upgrade listener.
 */
export function answerAsRequest(server: Server, request: IncomingMessage, stream: Duplex, head: Buffer): void {
  const lines = [`${request.method} ${request.url} HTTP/${request.httpVersion}`];
  for (let at = 0; at < request.rawHeaders.length; at += 2) {
    const [name = "", value = ""] = request.rawHeaders.slice(at, at + 2);
    const kept = name.toLowerCase() === "connection" ? withoutUpgrade(value) : value;
    if (!upgradeHeaders.has(name.toLowerCase()) && kept !== "") lines.push(`${name}: ${kept}`);
  }
  stream.unshift(Buffer.concat([Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1"), head]));
  // To an HTTPS server a connection is one that still has its handshake before it.
  server.emit(stream instanceof TLSSocket ? "secureConnection" : "connection", stream);
}

function withoutUpgrade(connection: string): string {
  const options = connection.split(",").map((option) => option.trim());
  return options.filter((option) => !upgradeHeaders.has(option.toLowerCase())).join(", ");
}
