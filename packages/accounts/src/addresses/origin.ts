import type { ConnectionFacts } from "./connection-facts.ts";

type Facts = Pick<ConnectionFacts, "headers" | "encrypted">;

/**
 * Whether a page's origin is the very host that the request names. Where the server's pages come over HTTPS, a page of
 * the same host that did not is no page of its own: an attacker on the network path may have written it.
 */
export function isOwnOrigin(origin: string, facts: Facts, publicUrl: string | undefined): boolean {
  const host = facts.headers.host;
  if (host === undefined || !URL.canParse(origin)) return false;
  const page = new URL(origin);
  if (!/^https?:$/.test(page.protocol) || page.origin !== origin) return false;
  const own = `${page.protocol}//${host}`;
  if (!URL.canParse(own) || new URL(own).host !== page.host) return false;
  return page.protocol === "https:" || !isHttpsAlone(host, facts, publicUrl);
}

/** Where this server ends TLS itself, or the host is that of a public address with HTTPS, whose proxy does. */
function isHttpsAlone(host: string, facts: Facts, publicUrl: string | undefined): boolean {
  if (facts.encrypted) return true;
  if (publicUrl === undefined || !URL.canParse(`https://${host}`)) return false;
  return new URL(`https://${host}`).origin === new URL(publicUrl).origin;
}

/**
 * Whether a browser's page may connect: native clients send no Origin, pages of the server's own host pass, others
 * only if the operator named them. For upgrades, which no browser asks about before it sends them.
 */
export function mayConnect(
  facts: Facts,
  allowed: { readonly origins: readonly string[]; readonly publicUrl: string | undefined },
): boolean {
  const { origin } = facts.headers;
  if (origin === undefined || allowed.origins.includes(origin)) return true;
  if (isOwnOrigin(origin, facts, allowed.publicUrl)) return true;
  return allowed.publicUrl !== undefined && new URL(allowed.publicUrl).origin === origin;
}
