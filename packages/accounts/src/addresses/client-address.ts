import ipaddr from "ipaddr.js";
import { addressKey, type ConnectionFacts, isWithin, proxyHeaderOf } from "./connection-facts.ts";
import { readForwardedAddress } from "./forwarded-address.ts";
import type { TrustedProxies } from "./trusted-proxies.ts";

/** Where a client comes from, as far as that can be told. */
export interface ClientAddress {
  /** The client's own; where that is unknown, the nearest to it that is known: a proxy's. For limits and logs. */
  readonly address: string;
  /** Why it is not the client's own: the trusted proxies name none, or none that can be read. */
  readonly unknown?: "missing" | "unreadable";
  /**
   * Whether a client's address says anything of which user it is: never where many come from it who have
   * nothing in common, as from a proxy or from the machine itself.
   */
  readonly vouches: boolean;
}

/** Those whom a trusted proxy does not tell apart share what so many addresses may have. */
export const crowdFactor = 10;

/**
 * The socket's own peer, or whom the trusted proxies in front name. X-Forwarded-For is read from its end, for a client
 * can write anything before what the proxies append; an entry that cannot be read ends it, and is never passed over.
 */
export function clientOf(facts: ConnectionFacts, trusted: TrustedProxies | undefined): ClientAddress {
  const entries = entriesOf(facts);
  let { address } = facts;
  for (let hop = 1; isBelieved(trusted, hop, address); hop += 1) {
    const entry = entries.pop();
    const next = readForwardedAddress(entry ?? "");
    if (next === undefined) return { address, unknown: entry === undefined ? "missing" : "unreadable", vouches: false };
    address = next;
  }
  // A proxy that the settings do not name is in front, and this is its own address.
  const isProxys = address === facts.address && proxyHeaderOf(facts) !== undefined;
  return { address, vouches: !isProxys && isSomebodys(address) };
}

/**
 * What limits count a client by: those whose address is unknown never share a count with one whose address is known.
 */
export function countKey({ address, unknown }: ClientAddress): string {
  return unknown === undefined ? addressKey(address) : `via ${addressKey(address)}`;
}

function entriesOf({ headers }: ConnectionFacts): string[] {
  const header = headers["x-forwarded-for"];
  return header === undefined ? [] : String(header).split(",");
}

/** Whether the settings name this address, so many proxies before this server, as a proxy's. */
export function isBelieved(trusted: TrustedProxies | undefined, hop: number, address: string): boolean {
  if (trusted === undefined) return false;
  return trusted.kind === "hops" ? hop <= trusted.hops : isWithin(address, trusted.networks);
}

const nobodys: readonly string[] = ["loopback", "unspecified", "broadcast", "multicast"];

function isSomebodys(address: string): boolean {
  return ipaddr.isValid(address) && !nobodys.includes(ipaddr.process(address).range());
}
