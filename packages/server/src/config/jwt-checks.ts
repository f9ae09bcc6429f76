import ipaddr from "ipaddr.js";
import type { SettingValues } from "./setting-values.ts";

type Values = Pick<SettingValues, "jwtSecret" | "jwksUrl" | "jwtIssuer" | "jwtAudience"> & {
  readonly production: boolean;
};

export function jwtFaults({ jwtSecret, jwksUrl, production }: Values): string[] {
  const faults: string[] = [];
  if (jwtSecret !== undefined && jwksUrl !== undefined) {
    faults.push("ECHOO_JWT_SECRET and ECHOO_JWKS_URL are both set; a token is signed with one or the other: unset one");
  }
  if (jwksUrl !== undefined && production && !isSafe(new URL(jwksUrl))) {
    faults.push("ECHOO_JWKS_URL must be https in production: whoever is on the way could put keys of their own there");
  }
  return faults;
}

export function jwtWarnings(config: Values, set: ReadonlySet<string>): string[] {
  const accepts = config.jwtSecret !== undefined ? "ECHOO_JWT_SECRET" : config.jwksUrl && "ECHOO_JWKS_URL";
  const details = ["ECHOO_JWT_USER_CLAIM", "ECHOO_JWT_ISSUER", "ECHOO_JWT_AUDIENCE"];
  if (accepts === undefined) {
    const idle = details.filter((name) => set.has(name));
    return idle.map((name) => `${name} has no effect without ECHOO_JWT_SECRET or ECHOO_JWKS_URL`);
  }
  const warnings: string[] = [];
  if (config.jwtAudience === undefined) {
    warnings.push(`${accepts} without ECHOO_JWT_AUDIENCE: a token that was made for another service counts here too`);
  }
  if (config.jwtIssuer === undefined) {
    warnings.push(`${accepts} without ECHOO_JWT_ISSUER: whoever the key signs for counts, whatever iss says`);
  }
  if (config.jwksUrl !== undefined && !config.production && !isSafe(new URL(config.jwksUrl))) {
    warnings.push("ECHOO_JWKS_URL is http: production refuses it");
  }
  return warnings;
}

/** Whether no attacker between here and there can change what is read. */
function isSafe({ protocol, hostname }: URL): boolean {
  const host = hostname.replace(/^\[(.*)\]$/, "$1");
  const isLoopback = ipaddr.isValid(host) && ipaddr.process(host).range() === "loopback";
  return protocol === "https:" || host === "localhost" || host.endsWith(".localhost") || isLoopback;
}
