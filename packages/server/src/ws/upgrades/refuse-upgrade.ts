import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";

/** When to come back where nothing better is known: a server that drains is gone by then, and another one there. */
const usualRetryMs = 5_000;

/** Answers an upgrade with a status and lets go of the connection, whatever the client does with its half of it. */
export function refuseUpgrade(stream: Duplex, status: 403 | 404 | 421 | 429 | 503, retryInMs = usualRetryMs): void {
  const body = `${status} ${STATUS_CODES[status]}\n`;
  const retry = status === 429 || status === 503 ? `Retry-After: ${Math.ceil(retryInMs / 1000)}\r\n` : "";
  stream.on("error", () => stream.destroy());
  stream.once("finish", () => stream.destroy());
  stream.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\n${retry}` +
      `Content-Type: text/plain; charset=utf-8\r\nX-Content-Type-Options: nosniff\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
