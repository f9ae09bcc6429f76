import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { TLSSocket } from "node:tls";
import ipaddr from "ipaddr.js";
import type { TrustedProxies } from "../config/kinds.ts";

/** What is known of a request or an upgrade before anybody says who they are. */
export interface ConnectionFacts {
  /** The socket's own peer, never what a header claims; IPv4 without `::ffff:`. */
  readonly address: string;
  readonly httpVersion: string;
  readonly headers: IncomingHttpHeaders;
  /** The connection to this very server is TLS; behind a proxy that ends it, it is not. */
  readonly encrypted?: boolean;
}

export function factsOf(request: IncomingMessage): ConnectionFacts {
  return {
    address: plainAddress(request.socket.remoteAddress ?? ""),
    httpVersion: request.httpVersion,
    headers: request.headers,
    encrypted: request.socket instanceof TLSSocket,
  };
}

/** An address without zone and with IPv4 as IPv4; text that is none stays as it is. */
export function plainAddress(text: string): string {
  const bare = text.replace(/%.*$/, "");
  return ipaddr.isValid(bare) ? ipaddr.process(bare).toString() : text;
}

export function isLoopback(address: string): boolean {
  return ipaddr.isValid(address) && ipaddr.process(address).range() === "loopback";
}

const proxyHeader = /^(forwarded|via|x-real-ip|x-forwarded-.*|cf-.*)$/;

/** A header that only a proxy adds, if there is one. */
export function proxyHeaderOf(facts: ConnectionFacts): string | undefined {
  return Object.keys(facts.headers).find((name) => proxyHeader.test(name));
}

/**
 * The address that limits and logs count a client by: the socket's, or what the trusted proxies in front say.
 * X-Forwarded-For is read from its end, for a client can write anything before what the proxies append.
 */
export function clientAddress(facts: ConnectionFacts, trusted: TrustedProxies | undefined): string {
  if (trusted === undefined) return facts.address;
  const header = facts.headers["x-forwarded-for"];
  const claimed = (Array.isArray(header) ? header.join(",") : (header ?? "")).split(",").map((part) => part.trim());
  let address = facts.address;
  for (let hop = 1; claimed.length > 0; hop += 1) {
    const believed = trusted.kind === "hops" ? hop <= trusted.hops : isWithin(address, trusted.networks);
    const next = plainAddress(claimed.at(-1) ?? "");
    if (!believed || !ipaddr.isValid(next)) break;
    address = next;
    claimed.pop();
  }
  return address;
}

/** What limits count an address by: an IPv6 client has a whole /64 to itself. */
export function addressKey(address: string): string {
  if (!ipaddr.isValid(address)) return address;
  const parsed = ipaddr.process(address);
  return parsed.kind() === "ipv4" ? parsed.toString() : (parsed as ipaddr.IPv6).parts.slice(0, 4).join(":");
}

/** Whether the address lies in one of the networks, each an address or a CIDR. */
export function isWithin(address: string, networks: readonly string[]): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  return networks.some((network) => {
    const [base, bits] = ipaddr.isValidCIDR(network) ? ipaddr.parseCIDR(network) : wholeAddress(network);
    return base.kind() === parsed.kind() && parsed.match(base, bits);
  });
}

function wholeAddress(text: string): [ipaddr.IPv4 | ipaddr.IPv6, number] {
  const parsed = ipaddr.process(text);
  return [parsed, parsed.kind() === "ipv4" ? 32 : 128];
}
