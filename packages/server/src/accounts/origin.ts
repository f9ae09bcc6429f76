import type { ConnectionFacts } from "./connection-facts.ts";

/**
 * Whether a page's origin is the very host that the request names. Where this server itself ends TLS, its pages came
 * over HTTPS: one that did not may be anybody's on the way. Without, a proxy in front may have spoken either.
 */
export function isOwnOrigin(origin: string, facts: Pick<ConnectionFacts, "headers" | "encrypted">): boolean {
  const host = facts.headers.host;
  if (host === undefined || !URL.canParse(origin)) return false;
  const page = new URL(origin);
  const schemes = facts.encrypted ? ["https:"] : ["https:", "http:"];
  if (!schemes.includes(page.protocol) || page.origin !== origin) return false;
  const own = `${page.protocol}//${host}`;
  return URL.canParse(own) && new URL(own).host === page.host;
}

/**
 * Whether a browser's page may connect: native clients send no Origin, pages of the server's own host pass, others
 * only if the operator named them. For upgrades, which no browser asks about before it sends them.
 */
export function mayConnect(
  facts: Pick<ConnectionFacts, "headers" | "encrypted">,
  allowed: { readonly origins: readonly string[]; readonly publicUrl: string | undefined },
): boolean {
  const { origin } = facts.headers;
  if (origin === undefined || isOwnOrigin(origin, facts) || allowed.origins.includes(origin)) return true;
  return allowed.publicUrl !== undefined && new URL(allowed.publicUrl).origin === origin;
}
