import { isIP } from "node:net";
import { plainAddress } from "./connection-facts.ts";

/** A port behind an address, or the name that RFC 7239 allows in its place. */
const portAtEnd = /:(?:\d{1,5}|_[\w.-]+)$/;
const inBrackets = /^\[([^[\]]*)\]$/;

/**
 * The address in one entry of X-Forwarded-For, as proxies write it: with a port (Azure, IIS), in brackets, in quotes,
 * with a zone. Undefined where there is none: `unknown` and names with an underscore (RFC 7239), nothing at all, and
 * whatever else a client may have written.
 */
export function readForwardedAddress(entry: string): string | undefined {
  const text = entry.trim().replace(/^"(.*)"$/, "$1");
  const bare = isAddress(text) ? text : text.replace(portAtEnd, "");
  const address = inBrackets.exec(bare)?.[1] ?? bare;
  return isAddress(address) ? plainAddress(address) : undefined;
}

/** In full: what libraries else take for one, such as `127.1` or a number alone, no proxy writes. */
function isAddress(text: string): boolean {
  return isIP(text.replace(/%[^%:\]]+$/, "")) !== 0;
}
