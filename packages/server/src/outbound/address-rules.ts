import type { LookupAddress } from "node:dns";
import { lookup } from "node:dns";
import type { LookupFunction } from "node:net";
import ipaddr from "ipaddr.js";

/** Where the server may send what a user, or an operator, named an address for. */
export interface AddressRules {
  /** The operator's own networks as well, and plain http there. */
  readonly allowPrivate: boolean;
  /** Plain http to this machine, as in development. */
  readonly allowLoopback: boolean;
  /** These hosts and those below them alone; any where it is empty. */
  readonly hosts: readonly string[];
}

/** Why an address is refused, in words; undefined where it may be tried. What its name leads to shows only later. */
export function refusedAddress(text: string, rules: AddressRules): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined) return "it is no address";
  if (url.username !== "" || url.password !== "") return "it has a user name or a password in it";
  const host = url.hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "");
  if (rules.hosts.length > 0 && !rules.hosts.some((name) => host === name || host.endsWith(`.${name}`))) {
    return "its host is none of those that the operator allows";
  }
  const isLocal = host === "localhost" || host.endsWith(".localhost") || isLoopback(host);
  const isHere = isLocal && rules.allowLoopback;
  if (url.protocol !== "https:" && !(url.protocol === "http:" && (isHere || rules.allowPrivate))) {
    return "it is not https";
  }
  if (rules.allowPrivate || isHere) return undefined;
  if (isLocal || (ipaddr.isValid(host) && !isPublic(host))) return "it is not a public address";
  return undefined;
}

/**
 * Whether it is written as an address of the link, where clouds give whoever asks from the machine its own credentials.
 * What operators set may be in their own network; nothing of theirs is there.
 */
export function isOfLink(text: string): boolean {
  const host = URL.canParse(text) ? new URL(text).hostname.replace(/^\[|\]$/g, "") : "";
  return ipaddr.isValid(host) && ipaddr.process(host).range() === "linkLocal";
}

/** Whether it is an address of the public internet, by whatever form it is written in. */
function isPublic(address: string): boolean {
  return ipaddr.isValid(address) && ipaddr.process(address).range() === "unicast";
}

function isLoopback(address: string): boolean {
  return ipaddr.isValid(address) && ipaddr.process(address).range() === "loopback";
}

/** What a name leads to is not what it led to a moment ago: this looks at the very addresses that are connected to. */
export class AddressRefused extends Error {
  constructor(host: string) {
    super(`${host} leads to an address that is not public`);
    this.name = "AddressRefused";
  }
}

type Resolve = (
  host: string,
  options: { readonly all: true },
  done: (error: NodeJS.ErrnoException | null, found: LookupAddress[]) => void,
) => void;

/** For the connection itself. One that names no host, but an address, is not looked up: `refusedAddress` judged it. */
export function guardedLookup(rules: AddressRules, resolve: Resolve = lookup): LookupFunction {
  const isAllowed = (address: string) =>
    rules.allowPrivate || isPublic(address) || (rules.allowLoopback && isLoopback(address));
  return (host, options, done) => {
    resolve(host, { all: true }, (error, found) => {
      if (error) return done(error, []);
      const allowed = found.filter(({ address }) => isAllowed(address));
      const [first] = allowed;
      if (first === undefined) return done(new AddressRefused(host), []);
      if (options.all) done(null, allowed);
      else done(null, first.address, first.family);
    });
  };
}
