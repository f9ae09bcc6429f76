import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { TLSSocket } from "node:tls";
import ipaddr from "ipaddr.js";

/** What is known of a request or an upgrade before its client says which user it is. */
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
    const [base, bits] = plainNetwork(network);
    return base.kind() === parsed.kind() && parsed.match(base, bits);
  });
}

/** A network of IPv4 addresses that are written as IPv6 is one of IPv4. */
function plainNetwork(text: string): readonly [ipaddr.IPv4 | ipaddr.IPv6, number] {
  if (!ipaddr.isValidCIDR(text)) {
    const address = ipaddr.process(text);
    return [address, address.kind() === "ipv4" ? 32 : 128];
  }
  const [base, bits] = ipaddr.parseCIDR(text);
  const isMapped = base instanceof ipaddr.IPv6 && base.isIPv4MappedAddress() && bits >= 96;
  return isMapped ? [base.toIPv4Address(), bits - 96] : [base, bits];
}
