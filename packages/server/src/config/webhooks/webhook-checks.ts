import { isOfLink, refusedAddress } from "../../outbound/address-rules.ts";
import type { SettingValues } from "../setting-values.ts";

type Values = Pick<
  SettingValues,
  "jwksUrl" | "otpWebhookUrl" | "webhookAllowPrivate" | "webhookSecrets" | "webhookUrl"
> & { readonly production: boolean };

export function webhookFaults(config: Values): string[] {
  const { webhookUrl: url, webhookSecrets: secrets, webhookAllowPrivate: allowPrivate, production } = config;
  if (url === undefined) return [];
  const missing = "ECHOO_WEBHOOK_URL is set without ECHOO_WEBHOOK_SECRET: nobody could tell that an event is from here";
  const refused = refusedAddress(url, { allowPrivate, allowLoopback: !production, hosts: [] });
  return [
    ...(secrets.length === 0 ? [missing] : []),
    ...(refused === undefined ? [] : [`ECHOO_WEBHOOK_URL cannot be posted to: ${refused}`]),
  ];
}

/** These two may be in the operator's own network; at such an address is none of that. */
export function linkFaults({ otpWebhookUrl, jwksUrl }: Values): string[] {
  const asked = { ECHOO_OTP_WEBHOOK_URL: otpWebhookUrl, ECHOO_JWKS_URL: jwksUrl };
  const why = "is an address of the link, where clouds keep the machine's credentials; name another one";
  return Object.entries(asked)
    .filter(([, url]) => url !== undefined && isOfLink(url))
    .map(([name]) => `${name} ${why}`);
}
