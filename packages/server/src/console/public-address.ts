import { listenedOn, networkAddresses } from "@echoo/accounts";
import type { Config } from "../config/read-config.ts";
import type { OwnHttps } from "../web/web-listeners.ts";

export type AddressSettings = Pick<Config, "publicUrl" | "host" | "tlsCert">;

/** How a server listens, as far as that is known. */
export interface Listening {
  readonly port: number;
  /** In development, HTTPS besides. */
  readonly ownHttps?: OwnHttps | undefined;
}

/**
 * The address under which others open this server, without a slash at its end: the one place that says so, for every
 * link that is given out. The public one where it is set, as behind a proxy; else this machine's likeliest, since the
 * invited user mostly sits at another, over HTTPS where that runs: without it a browser elsewhere has no microphone.
 */
export function publicAddress(
  { publicUrl, host, tlsCert }: AddressSettings,
  { port, ownHttps }: Listening,
  own: readonly string[] = networkAddresses(),
): string {
  if (publicUrl !== undefined) return publicUrl;
  const isEverywhere = host === "0.0.0.0" || host === "::";
  const name = isEverywhere ? (listenedOn(host, own)[0] ?? "127.0.0.1") : host;
  if (tlsCert === undefined && ownHttps?.isOpen) return urlOf("https", name, ownHttps.port);
  return urlOf(tlsCert === undefined ? "http" : "https", name, port);
}

export function urlOf(scheme: "http" | "https", host: string, port: number): string {
  const usual = scheme === "https" ? 443 : 80;
  return `${scheme}://${host.includes(":") ? `[${host}]` : host}${port === usual ? "" : `:${port}`}`;
}
