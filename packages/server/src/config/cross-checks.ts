import { isOpenToSome } from "@echoo/accounts";
import { clusterFaults, clusterWarnings } from "./cluster-checks.ts";
import { jwtFaults, jwtWarnings } from "./jwt-checks.ts";
import { proofFaults, proofWarnings } from "./proof-checks.ts";
import type { SettingValues } from "./setting-values.ts";
import { linkFaults, webhookFaults } from "./webhooks/webhook-checks.ts";

type Values = SettingValues & { readonly production: boolean };

/** What no single setting shows: combinations that would leave a door open or do nothing. */
export function crossFaults(config: Values): string[] {
  const faults: string[] = [];
  if (config.production && !config.rateLimits) {
    faults.push("ECHOO_RATE_LIMITS=off is for benchmarks alone and is refused in production; unset it");
  }
  const hasTurn = config.turnUrls.some((url) => url.startsWith("turn"));
  if (hasTurn && config.turnSecrets.length === 0) {
    faults.push("TURN_URLS names a TURN server, so ECHOO_TURN_SECRET must be the secret shared with it");
  }
  if (config.icePolicy !== "all" && !hasTurn) {
    const missing = "needs a relay: name a turn: address in TURN_URLS, and its secret in ECHOO_TURN_SECRET";
    faults.push(`ECHOO_ICE_POLICY=${config.icePolicy} ${missing}`);
  }
  if ((config.tlsCert === undefined) !== (config.tlsKey === undefined)) {
    const [given, missing] = config.tlsCert === undefined ? ["TLS_KEY", "TLS_CERT"] : ["TLS_CERT", "TLS_KEY"];
    faults.push(`${given} is set without ${missing}: HTTPS needs the certificate and its key`);
  }
  const apns = [config.apnsKey, config.apnsKeyId, config.apnsTeamId, config.apnsTopic];
  if (apns.some((one) => one !== undefined) && apns.includes(undefined)) {
    const all = "ECHOO_APNS_KEY, ECHOO_APNS_KEY_ID, ECHOO_APNS_TEAM_ID and ECHOO_APNS_TOPIC";
    faults.push(`${all} are needed together to push to iOS apps; some of them are missing`);
  }
  const others = [webhookFaults, linkFaults, proofFaults, jwtFaults, clusterFaults];
  return [...faults, ...others.flatMap((faultsOf) => faultsOf(config))];
}

/** What is allowed and probably not meant. `set` holds the names given. */
export function crossWarnings(config: Values, set: ReadonlySet<string>): string[] {
  const warnings: string[] = [];
  if (!["production", "development", "test"].includes(config.environment)) {
    warnings.push(`NODE_ENV=${config.environment} opens what development opens: only NODE_ENV=production closes it`);
  }
  if (config.production && config.openAccess === "local") {
    warnings.push("ECHOO_OPEN_ACCESS=local has no effect in production: nothing is open");
  }
  if (config.production && config.openAccess === "all") {
    warnings.push("ECHOO_OPEN_ACCESS=all: anybody who reaches this server may use any number that was never proven");
  }
  if (config.production && isOpenToSome(config) && config.publicUrl === undefined && config.hosts.length === 0) {
    warnings.push(
      "this server knows itself by its addresses and the machine's name alone, and refuses requests for any other host:" +
        " name the one that people use in ECHOO_PUBLIC_URL, or in ECHOO_HOSTS",
    );
  }
  if (config.production && config.tlsCert === undefined && !config.publicUrl?.startsWith("https:")) {
    warnings.push(
      "nothing says that people reach this server over HTTPS, without which tokens can be read on their way: set" +
        " TLS_CERT and TLS_KEY, or ECHOO_PUBLIC_URL=https://… where a proxy speaks HTTPS",
    );
  }
  if (config.turnSecrets.length > 0 && !config.turnUrls.some((url) => url.startsWith("turn"))) {
    warnings.push("ECHOO_TURN_SECRET has no effect: TURN_URLS names no TURN server");
  }
  if (config.webhookSecrets.length > 0 && config.webhookUrl === undefined) {
    warnings.push("ECHOO_WEBHOOK_SECRET has no effect: ECHOO_WEBHOOK_URL names no webhook");
  }
  if (config.tlsCert !== undefined && config.publicUrl?.startsWith("http:")) {
    warnings.push("ECHOO_PUBLIC_URL begins with http:, though TLS_CERT makes the server speak HTTPS alone");
  }
  if (typeof config.devHttpsPort === "number" && (config.production || config.tlsCert !== undefined)) {
    const instead = config.tlsCert === undefined ? "in production: set TLS_CERT and TLS_KEY" : "with TLS_CERT";
    warnings.push(`ECHOO_DEV_HTTPS_PORT has no effect ${instead}`);
  }
  return [...warnings, ...proofWarnings(config), ...jwtWarnings(config, set), ...clusterWarnings(config, set)];
}
