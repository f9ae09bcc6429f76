import type { Config } from "../config/read-config.ts";
import type { ConnectionFacts } from "./connection-facts.ts";
import { createLoopbackTrust } from "./loopback-trust.ts";
import type { MachineFacts } from "./machine.ts";
import { type Coverage, isCovered, type OpenAccessEnvironment } from "./open-access.ts";

/** Open access as this server has it: the pure rules, and what was seen so far. */
export interface OpenAccess {
  /** Called with every request and upgrade, before anything is decided. */
  observe(facts: ConnectionFacts): void;
  coverage(facts: ConnectionFacts): Coverage;
  /** For the start banner: what is open, and to whom. */
  describe(): string;
}

type AccessConfig = Pick<Config, "openAccess" | "production" | "publicUrl" | "trustProxy" | "hosts" | "origins">;

export function createOpenAccess(
  config: AccessConfig,
  machine: MachineFacts,
  onTrustLost: (header: string) => void,
): OpenAccess {
  const trust = createLoopbackTrust(onTrustLost);
  const environment = (): OpenAccessEnvironment => ({
    mode: config.openAccess,
    production: config.production,
    publicUrl: config.publicUrl,
    trustsProxy: config.trustProxy !== undefined,
    acceptsJwt: false,
    hosts: config.hosts,
    origins: config.origins,
    machine,
    loopbackTrusted: trust.trusted,
  });
  return {
    observe: (facts) => trust.observe(facts),
    coverage: (facts) => isCovered(facts, environment()),
    describe: () => describeOpenAccess(environment()),
  };
}

function describeOpenAccess(environment: OpenAccessEnvironment): string {
  const unproven = "may use any number that was never proven, without a token";
  if (environment.mode === "all") return `Open access: everybody who reaches this server ${unproven}.`;
  const { production, publicUrl, trustsProxy, machine } = environment;
  if (environment.mode === "off" || production || publicUrl !== undefined || trustsProxy) {
    return "Open access is off: everybody needs a token.";
  }
  const alone = machine.inContainer || machine.hasPublicAddress || machine.networks.length === 0;
  const who = alone ? "this machine" : `this machine and its own network (${machine.networks.join(", ")})`;
  return `Open access: ${who} ${unproven}; everybody else needs a token.`;
}
