import type { Clock, Log, SharedMemory, Store } from "@echoo/core";
import type { AccountsSettings } from "../accounts-settings.ts";
import { type ExternalJwtKeys, type FetchKeySet, PublishedKeys, sharedSecret } from "./external-jwt-keys.ts";
import { createExternalJwts, type ExternalJwts } from "./external-jwts.ts";
import { createRevokedExternalTokens, type RevokedExternalTokens } from "./revoked-external-tokens.ts";
import { withdrawnElsewhere } from "./withdrawn-elsewhere.ts";

/** The way in for the users of a host product, where one is set up. */
export interface ExternalJwtAccess {
  readonly tokens: ExternalJwts;
  readonly withdrawn: RevokedExternalTokens;
}

interface ExternalJwtAccessDeps {
  readonly config: Pick<AccountsSettings, "jwtSecret" | "jwksUrl" | "jwtUserClaim" | "jwtIssuer" | "jwtAudience">;
  readonly store: Pick<Store, "withdrawals">;
  /** The server's own. */
  readonly secret: string;
  readonly clock: Clock;
  readonly logger: Log<"debug" | "info" | "warn">;
  readonly keySetFrom: (url: string) => FetchKeySet;
  /** Absent where there are no other servers. */
  readonly shared?: SharedMemory | undefined;
}

export function createExternalJwtAccess(deps: ExternalJwtAccessDeps): ExternalJwtAccess | undefined {
  const { config, store, clock, secret, logger, shared } = deps;
  const keys = keysOf(deps);
  if (!keys) return undefined;
  const withdrawn = createRevokedExternalTokens({
    store,
    clock,
    secret,
    elsewhere: shared && withdrawnElsewhere(shared),
  });
  const tokens = createExternalJwts({
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

function keysOf({ config, clock, logger, keySetFrom }: ExternalJwtAccessDeps): ExternalJwtKeys | undefined {
  const { jwtSecret, jwksUrl: url } = config;
  if (jwtSecret !== undefined) return sharedSecret(jwtSecret);
  if (url === undefined) return undefined;
  const keys = new PublishedKeys({
    fetchKeySet: keySetFrom(url),
    clock,
    onAway: (err) => logger.warn({ err, url }, "the keys at ECHOO_JWKS_URL cannot be read; those known go on counting"),
    onBack: () => logger.info({ url }, "the keys at ECHOO_JWKS_URL can be read again"),
  });
  // So that an operator who mistyped the address hears of it at the start.
  void keys.warmUp();
  return keys;
}
