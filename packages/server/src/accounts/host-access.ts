import type { Clock, Store } from "@echoo/core";
import type { Config } from "../config/read-config.ts";
import type { Logger } from "../logging.ts";
import { type FetchKeySet, type HostKeys, PublishedKeys, sharedSecret } from "./host-keys.ts";
import { createHostTokens, type HostTokens } from "./host-tokens.ts";
import { createWithdrawnTokens, type WithdrawnTokens } from "./withdrawn-tokens.ts";

/** The way in for the users of a host product, where one is set up. */
export interface HostAccess {
  readonly tokens: HostTokens;
  readonly withdrawn: WithdrawnTokens;
}

interface HostAccessDeps {
  readonly config: Config;
  readonly store: Pick<Store, "withdrawals">;
  /** The server's own. */
  readonly secret: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly keySetFrom: (url: string) => FetchKeySet;
}

export function createHostAccess(deps: HostAccessDeps): HostAccess | undefined {
  const { config, clock, logger } = deps;
  const keys = keysOf(deps);
  if (!keys) return undefined;
  const withdrawn = createWithdrawnTokens(deps);
  const tokens = createHostTokens({
    keys,
    withdrawn,
    clock,
    userClaim: config.jwtUserClaim,
    issuer: config.jwtIssuer,
    audience: config.jwtAudience,
    onRefused: (why) => logger.debug({ why }, "a token of the host product was refused"),
    onAhead: (aheadSec) =>
      logger.warn({ aheadSec }, "the host product's clock is ahead: a logout everywhere does not end such tokens"),
  });
  return { tokens, withdrawn };
}

function keysOf({ config, clock, logger, keySetFrom }: HostAccessDeps): HostKeys | undefined {
  const { jwtSecret, jwksUrl: url } = config;
  if (jwtSecret !== undefined) return sharedSecret(jwtSecret);
  if (url === undefined) return undefined;
  const keys = new PublishedKeys({
    fetchKeySet: keySetFrom(url),
    clock,
    onAway: (err) => logger.warn({ err, url }, "the keys at ECHOO_JWKS_URL cannot be read; those known go on counting"),
    onBack: () => logger.info({ url }, "the keys at ECHOO_JWKS_URL can be read again"),
  });
  // So that whoever mistyped the address hears of it at the start.
  void keys.warmUp();
  return keys;
}
