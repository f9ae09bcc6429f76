import type { AccountsSettings } from "../accounts-settings.ts";
import type { ConnectionFacts } from "../addresses/connection-facts.ts";
import type { LoopbackTrust } from "../addresses/loopback-trust.ts";
import type { MachineFacts } from "../addresses/machine.ts";
import { type Coverage, isCovered, type OpenAccessEnvironment } from "./open-access.ts";

/** Open access as this server has it: the pure rules, and what was seen so far. */
export interface OpenAccess {
  /** Called with every request and upgrade that names a host of this server, before anything else is decided. */
  observe(facts: ConnectionFacts): void;
  coverage(facts: ConnectionFacts): Coverage;
  /** For the start banner: what is open, and to whom. */
  describe(): string;
  /** Addresses under which its own network may use this machine without a token; none where only the machine may. */
  openAddresses(): readonly string[];
}

type AccessConfig = Pick<
  AccountsSettings,
  "openAccess" | "production" | "publicUrl" | "trustProxy" | "hosts" | "origins" | "jwtSecret" | "jwksUrl"
>;

export function createOpenAccess(config: AccessConfig, machine: MachineFacts, trust: LoopbackTrust): OpenAccess {
  const environment = (): OpenAccessEnvironment => ({
    mode: config.openAccess,
    production: config.production,
    publicUrl: config.publicUrl,
    trustsProxy: config.trustProxy !== undefined,
    acceptsJwt: config.jwtSecret !== undefined || config.jwksUrl !== undefined,
    hosts: config.hosts,
    origins: config.origins,
    machine,
    loopbackTrusted: trust.trusted,
  });
  return {
    observe: (facts) => trust.observe(facts),
    coverage: (facts) => isCovered(facts, environment()),
    describe: () => describeOpenAccess(environment()),
    openAddresses: () => openNetworks(environment()).map((network) => network.replace(/\/\d+$/, "")),
  };
}

function describeOpenAccess(environment: OpenAccessEnvironment): string {
  const unproven = "may use any number that was never proven, without a token";
  if (environment.mode === "all") return `Open access: everybody who reaches this server ${unproven}.`;
  if (!isLocal(environment)) return "Open access is off: everybody needs a token.";
  const networks = openNetworks(environment);
  const who = networks.length === 0 ? "this machine" : `this machine and its own network (${networks.join(", ")})`;
  return `Open access: ${who} ${unproven}; everybody else needs a token.`;
}

function isLocal({ mode, production, publicUrl, trustsProxy, acceptsJwt }: OpenAccessEnvironment): boolean {
  return mode === "local" && !production && publicUrl === undefined && !trustsProxy && !acceptsJwt;
}

/** The machine's networks as far as open access covers them, each with the machine's own address in it. */
function openNetworks(environment: OpenAccessEnvironment): readonly string[] {
  const { machine } = environment;
  const isAlone = machine.inContainer || machine.hasPublicAddress;
  return isLocal(environment) && !isAlone ? machine.networks : [];
}
