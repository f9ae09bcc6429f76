import type { User } from "@echoo/core";
import ipaddr from "ipaddr.js";
import { type ConnectionFacts, isLoopback, isWithin, proxyHeaderOf } from "../addresses/connection-facts.ts";
import type { MachineFacts } from "../addresses/machine.ts";
import { isOwnOrigin } from "../addresses/origin.ts";
import { hostName, localNames } from "../addresses/own-hosts.ts";

/** How the server is set up, and where it runs, as far as open access depends on it. */
export interface OpenAccessEnvironment {
  readonly mode: "local" | "off" | "all";
  readonly production: boolean;
  readonly publicUrl: string | undefined;
  readonly trustsProxy: boolean;
  readonly acceptsJwt: boolean;
  /** Host names accepted besides addresses, localhost and the machine's name. */
  readonly hosts: readonly string[];
  /** Origins of other pages that the operator lets in; they count under `all` alone. */
  readonly origins: readonly string[];
  readonly machine: MachineFacts;
  /** False once a proxy was seen on this machine (rule 3). */
  readonly loopbackTrusted: boolean;
}

export type Coverage = { readonly covered: true } | { readonly covered: false; readonly why: string };

type Rule = (facts: ConnectionFacts, environment: OpenAccessEnvironment) => string | undefined;

/**
 * Whether a request or an upgrade needs neither proof nor token. Rules 1 to 5 of open access under `local`; `all`
 * keeps the part of rule 5 that protects visitors of foreign pages. Rule 6 is `needsOwnToken`. That what changes
 * something is `application/json` is refused with 415 before this is asked.
 */
export function isCovered(facts: ConnectionFacts, environment: OpenAccessEnvironment): Coverage {
  const rules: Readonly<Record<OpenAccessEnvironment["mode"], readonly Rule[]>> = {
    off: [() => "open access is off"],
    all: [notCrossSite],
    local: [settingsAllow, addressIsNear, noProxyBetween, hostIsOurs, notCrossSite],
  };
  for (const rule of rules[environment.mode]) {
    const why = rule(facts, environment);
    if (why !== undefined) return { covered: false, why };
  }
  return { covered: true };
}

/** Rule 6: a number that was ever proven, and an administrator's, speak with their token alone; a suspended one not at all. */
export function needsOwnToken(user: Pick<User, "proof" | "admin" | "suspended"> | undefined): boolean {
  return user !== undefined && (user.proof !== undefined || user.admin || user.suspended === true);
}

/** Rule 1. */
function settingsAllow(_facts: ConnectionFacts, environment: OpenAccessEnvironment): string | undefined {
  if (environment.production) return "this is production";
  if (environment.publicUrl !== undefined) return "ECHOO_PUBLIC_URL is set";
  if (environment.trustsProxy) return "ECHOO_TRUST_PROXY is set";
  return environment.acceptsJwt ? "tokens of another product are accepted" : undefined;
}

/** Rule 2. */
function addressIsNear({ address }: ConnectionFacts, environment: OpenAccessEnvironment): string | undefined {
  const { machine } = environment;
  if (isLoopback(address)) return undefined;
  if (machine.inContainer) return "from outside, and this is a container";
  if (machine.hasPublicAddress) return "from outside, and this machine has a public address";
  return isWithin(address, machine.networks) ? undefined : "not from this machine's own private network";
}

/** Rule 3. A proxy that adds no header and speaks HTTP/1.1 cannot be told from a client: SECURITY.md says so. */
function noProxyBetween(facts: ConnectionFacts, environment: OpenAccessEnvironment): string | undefined {
  if (!(Number(facts.httpVersion) >= 1.1)) return "HTTP before 1.1, as proxies speak it";
  const header = proxyHeaderOf(facts);
  if (header !== undefined) return `through a proxy (${header})`;
  const lost = isLoopback(facts.address) && !environment.loopbackTrusted;
  return lost ? "a proxy on this machine was seen; restart to trust the machine again" : undefined;
}

/** Rule 4: a foreign name that resolves to this machine is DNS rebinding. */
function hostIsOurs({ headers }: ConnectionFacts, environment: OpenAccessEnvironment): string | undefined {
  const name = hostName(headers.host ?? "");
  const known = [...localNames(environment.machine), ...environment.hosts];
  return ipaddr.isValid(name) || (name !== "" && known.includes(name)) ? undefined : "under a foreign host name";
}

/** Rule 5. */
function notCrossSite(facts: ConnectionFacts, environment: OpenAccessEnvironment): string | undefined {
  if (facts.headers["sec-fetch-site"] === "cross-site") return "from a page of another site";
  const { origin } = facts.headers;
  const { publicUrl } = environment;
  if (origin === undefined || isOwnOrigin(origin, facts, publicUrl)) return undefined;
  const ours = publicUrl === undefined ? environment.origins : [...environment.origins, new URL(publicUrl).origin];
  return environment.mode === "all" && ours.includes(origin) ? undefined : "from a page of another origin";
}
