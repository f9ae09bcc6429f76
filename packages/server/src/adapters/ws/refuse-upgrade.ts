import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";

/** Answers an upgrade with a status and lets go of the connection, whatever the client does with its half of it. */
export function refuseUpgrade(stream: Duplex, status: 403 | 404 | 503): void {
  const body = `${status} ${STATUS_CODES[status]}\n`;
  stream.on("error", () => stream.destroy());
  stream.once("finish", () => stream.destroy());
  stream.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Type: text/plain\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
