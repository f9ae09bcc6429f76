import ipaddr from "ipaddr.js";
import type { SettingValues } from "./setting-values.ts";

type Values = SettingValues & { readonly production: boolean };

/** A gateway that codes could not reach, or whose codes an attacker on the network path could read. */
export function proofFaults(config: Values): string[] {
  const { proof, otpWebhookUrl: url, otpWebhookSecret: secret, production } = config;
  if (proof !== "webhook") return [];
  const faults: string[] = [];
  if (url === undefined) faults.push("ECHOO_PROOF=webhook needs ECHOO_OTP_WEBHOOK_URL: where codes are posted to");
  if (secret === undefined) {
    faults.push("ECHOO_PROOF=webhook needs ECHOO_OTP_WEBHOOK_SECRET: whsec_ and what `openssl rand -base64 32` prints");
  }
  if (production && url !== undefined && !isPrivate(new URL(url))) {
    faults.push("ECHOO_OTP_WEBHOOK_URL must be https in production: codes would be readable on their way");
  }
  return faults;
}

export function proofWarnings(config: Values): string[] {
  const { proof, otpWebhookUrl, otpWebhookSecret } = config;
  if (proof === "webhook") return [];
  const given = [
    ...(otpWebhookUrl === undefined ? [] : ["ECHOO_OTP_WEBHOOK_URL"]),
    ...(otpWebhookSecret === undefined ? [] : ["ECHOO_OTP_WEBHOOK_SECRET"]),
  ];
  const unused = given.map((name) => `${name} has no effect: it is for ECHOO_PROOF=webhook, which is ${proof}`);
  return isShut(config) ? [...unused, shutSentence] : unused;
}

const shutSentence =
  "ECHOO_PROOF=dev hands codes out where access is open, and it is open to nobody: only those whom" +
  " `npx echoo invite` invites get in. ECHOO_PROOF=invite gives out the administrator's invitation";

/** No number can be proven, no client is let in without a proof, and no other tokens count. */
function isShut({ proof, openAccess, production, jwtSecret, jwksUrl }: Values): boolean {
  const isClosed = openAccess === "off" || (openAccess === "local" && production);
  return proof === "dev" && isClosed && jwtSecret === undefined && jwksUrl === undefined;
}

/** Encrypted, or to this machine, a private network, or a name that only such a network knows. */
function isPrivate({ protocol, hostname }: URL): boolean {
  if (protocol === "https:") return true;
  const host = hostname.replace(/^\[(.*)\]$/, "$1");
  if (ipaddr.isValid(host)) return ["loopback", "private", "uniqueLocal"].includes(ipaddr.process(host).range());
  return !host.includes(".") || /\.(internal|local|localhost|lan)$/.test(host);
}
