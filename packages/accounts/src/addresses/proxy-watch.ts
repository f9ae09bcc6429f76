import type { Clock, Log, Steady } from "@echoo/core";
import ipaddr from "ipaddr.js";
import { type ClientAddress, isBelieved } from "./client-address.ts";
import { type ConnectionFacts, isWithin, proxyHeaderOf } from "./connection-facts.ts";
import type { TrustedProxies } from "./trusted-proxies.ts";

/** What is wrong with how the server is set up, as it shows in what arrives; each with what to do. */
const sentences = {
  proxy_not_trusted:
    "A proxy in front is not named in ECHOO_TRUST_PROXY: all who come through it are limited as one, and none is known" +
    " by their address.",
  client_address_unknown:
    "A proxy that ECHOO_TRUST_PROXY names does not tell its clients' addresses in X-Forwarded-For, or not so that they" +
    " can be read: all who come through it are limited together, and none is known by their address.",
} as const;

type ProblemCode = keyof typeof sentences;

export interface Problem {
  readonly code: ProblemCode;
  readonly message: string;
}

/** Sees from what arrives whether the proxies in front are the ones that the settings name. */
export interface ProxyWatch {
  /** Called with every request and upgrade. */
  observe(facts: ConnectionFacts, client: ClientAddress): void;
  /** What was seen within the last hour. */
  problems(): readonly Problem[];
}

/** Headers that say for whom a request was passed on. Others, such as Via, come from a client's own proxy as well. */
const naming = ["x-forwarded-for", "forwarded", "x-real-ip", "cf-connecting-ip", "true-client-ip"] as const;
const shownMs = 3_600_000;
const near: readonly string[] = ["loopback", "private", "uniqueLocal", "linkLocal", "carrierGradeNat"];

interface WatchDeps {
  readonly clock: Pick<Clock, "steady">;
  readonly logger: Log<"error">;
  readonly trustProxy: TrustedProxies | undefined;
}

export function createProxyWatch({ clock, logger, trustProxy }: WatchDeps): ProxyWatch {
  const seen = new Map<ProblemCode, Steady>();

  function note(code: ProblemCode, header: string | undefined): void {
    if (!seen.has(code)) logger.error({ header }, sentences[code]);
    seen.set(code, clock.steady());
  }

  return {
    observe(facts, client) {
      const header = naming.find((name) => facts.headers[name] !== undefined);
      // From farther away any client may send such a header, and would make health report a fault.
      if ((header === undefined && client.unknown === undefined) || !isNear(facts.address, trustProxy)) return;
      if (client.unknown === undefined) {
        if (!isBelieved(trustProxy, 1, facts.address)) note("proxy_not_trusted", header);
        return;
      }
      // What begins on a proxy's own machine, as a check does, has no header at all, or names proxies alone.
      const isSilent = facts.headers["x-forwarded-for"] === undefined && proxyHeaderOf(facts) !== undefined;
      if (isSilent || client.unknown === "unreadable") note("client_address_unknown", header);
    },
    problems() {
      const since = clock.steady() - shownMs;
      const current = [...seen].filter(([, atMs]) => atMs > since);
      return current.map(([code]) => ({ code, message: sentences[code] }));
    },
  };
}

function isNear(address: string, trusted: TrustedProxies | undefined): boolean {
  if (!ipaddr.isValid(address)) return false;
  if (near.includes(ipaddr.process(address).range())) return true;
  return trusted?.kind === "networks" && isWithin(address, trusted.networks);
}
