import type { Clock, Ids, Log, Pause, SharedMemory, Store } from "@echoo/core";
import type { UserIdRule } from "@echoo/protocol";
import { auditedAuthenticator } from "./access/audited-authenticator.ts";
import { type Authenticator, createAuthenticator } from "./access/authenticator.ts";
import { createOpenAccess, type OpenAccess } from "./access/open-access-watch.ts";
import type { AccountsSettings } from "./accounts-settings.ts";
import { type ClientAddress, clientOf } from "./addresses/client-address.ts";
import type { ConnectionFacts } from "./addresses/connection-facts.ts";
import { createLoopbackTrust, type LoopbackTrust } from "./addresses/loopback-trust.ts";
import type { MachineFacts } from "./addresses/machine.ts";
import { createOwnHosts, type OwnHosts } from "./addresses/own-hosts.ts";
import { createProxyWatch, type Problem } from "./addresses/proxy-watch.ts";
import { sharedVerifiedAddresses } from "./addresses/shared-addresses.ts";
import { sharedLoopbackTrust } from "./addresses/shared-trust.ts";
import { createVerifiedAddresses, type VerifiedAddresses } from "./addresses/verified-addresses.ts";
import type { Audit } from "./audit/audit.ts";
import { createExternalJwtAccess } from "./external-jwt/external-jwt-access.ts";
import type { FetchKeySet } from "./external-jwt/external-jwt-keys.ts";
import { createStrangerQuota, type StrangerQuota, sharedStrangerQuota } from "./limits/stranger-quota.ts";
import type { CodeGateway } from "./registration/code-gateway.ts";
import { createHandedCodes } from "./registration/handed-codes.ts";
import { createProofs, type Proofs } from "./registration/proofs.ts";
import { type Credentials, createCredentials } from "./tokens/credentials.ts";
import { createTokens, type Tokens } from "./tokens/tokens.ts";
import { createUserFactsCache, type UserFactsCache } from "./user-facts/user-facts-cache.ts";

export const maxPeopleInMemory = 50_000;
/** Some hundred megabytes at the most. */
export const maxListedInMemory = 2_000_000;

/** Who may speak as whom, in one piece for REST and WebSocket alike. */
export interface Accounts extends Proofs {
  readonly openAccess: OpenAccess;
  readonly ownHosts: OwnHosts;
  /** Whose ids are taken: phone numbers alone, or those of the host product besides. */
  readonly userIdRule: UserIdRule;
  readonly tokens: Tokens;
  readonly credentials: Credentials;
  readonly userFacts: UserFactsCache;
  readonly strangerQuota: StrangerQuota;
  readonly verifiedAddresses: VerifiedAddresses;
  readonly authenticator: Authenticator;
  /** Where a request or an upgrade comes from. */
  clientOf(facts: ConnectionFacts): ClientAddress;
  /** Called with every request and upgrade for this server, before anything is decided. */
  observe(facts: ConnectionFacts, client: ClientAddress): void;
  /** What is wrong with how the server is set up, as far as it shows in what arrives. */
  problems(): readonly Problem[];
  /** Nothing is asked of other servers any more. */
  stop(): void;
}

interface AccountsDeps {
  readonly config: AccountsSettings;
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Pick<Ids, "tokenId">;
  /** The server's own secret. */
  readonly secret: string;
  readonly randomSecret: () => string;
  readonly randomCode: () => string;
  /** What brings codes to people; undefined where numbers are not proven so. */
  readonly gateway: CodeGateway | undefined;
  readonly logger: Log<"debug" | "info" | "warn" | "error">;
  readonly audit: Audit;
  readonly machine: MachineFacts;
  /** Whether the certificate in use, if there is one, is good for a name. */
  readonly certifies: (name: string) => boolean;
  /** Ends a step of long work. */
  readonly pause: Pause;
  /** Reads the keys that the host product publishes at an address. */
  readonly keySetFrom: (url: string) => FetchKeySet;
  /** Told of each user who was known and is proven by the host product's token only now. */
  readonly onProven: (userId: string) => void;
  /** Told of each user whose change was read only now that the database is back. */
  readonly onFactsChanged: (userId: string) => void;
  /** What several servers count and remember together; absent where this one is alone. */
  readonly shared?: SharedMemory | undefined;
}

export function createAccounts(deps: AccountsDeps): Accounts {
  const { config, store, clock, ids, logger, audit, machine, secret, randomSecret, randomCode, gateway, shared } = deps;
  const { trustProxy } = config;
  const trust = loopbackTrust(deps);
  const openAccess = createOpenAccess(config, machine, trust);
  const tokens = createTokens({ store: store.tokens, clock, ids, randomSecret });
  const userFacts = userFactsInMemory(deps);
  const host = createExternalJwtAccess({ config, store, secret, clock, logger, keySetFrom: deps.keySetFrom, shared });
  const userIdRule: UserIdRule = host ? "host" : "phone";
  const credentials = createCredentials({
    store,
    clock,
    tokens,
    host,
    pushDevices: store.pushDevices,
    userFacts,
    onRegistered: (user) => audit.note("registered", { user, how: "jwt" }),
    onProven: deps.onProven,
  });
  const verifiedAddresses = shared ? sharedVerifiedAddresses(clock, shared.addresses) : createVerifiedAddresses(clock);
  const openAuthenticator = createAuthenticator({
    store,
    clock,
    credentials,
    userIdRule,
    openAccess,
    userFacts,
    trustProxy,
    verifiedAddresses: config.legacyJoin === "verified-address" ? verifiedAddresses : undefined,
  });
  const isKnown = async (userId: string, client: ClientAddress) =>
    (await verifiedAddresses.seen(userId, client)).length > 0;
  const handed = createHandedCodes({ dataDir: config.dataDir, secret });
  const proofs = createProofs({ store, clock, secret, randomSecret, randomCode, gateway, isKnown, handed, shared });
  const proxies = createProxyWatch({ clock, logger, trustProxy });
  return {
    openAccess,
    ownHosts: createOwnHosts(config, machine, deps.certifies),
    userIdRule,
    tokens,
    credentials,
    userFacts,
    strangerQuota: shared ? sharedStrangerQuota(clock, shared.strangers) : createStrangerQuota(clock),
    verifiedAddresses,
    authenticator: auditedAuthenticator(openAuthenticator, { audit, userIdRule, trustProxy }),
    codes: proofs.codes,
    gateway: proofs.gateway,
    invitations: proofs.invitations,
    takenNumbers: proofs.takenNumbers,
    wrongProofs: proofs.wrongProofs,
    clientOf: (facts) => clientOf(facts, trustProxy),
    observe(facts, client) {
      openAccess.observe(facts);
      proxies.observe(facts, client);
    },
    problems: () => proxies.problems(),
    stop: () => trust.stop(),
  };
}

function loopbackTrust({ clock, logger, shared }: AccountsDeps): LoopbackTrust & { stop(): void } {
  const onLost = (header: string | undefined) =>
    header === undefined
      ? logger.warn({}, "another node saw a proxy on its machine: open access from this one ends for a day")
      : logger.warn({ header }, "a proxy on this machine was seen: open access from it ends until the restart");
  if (shared) return sharedLoopbackTrust({ clock, shared: shared.trust, onLost });
  return Object.assign(createLoopbackTrust(onLost), { stop: () => {} });
}

type UserFactsParts = Pick<AccountsDeps, "store" | "clock" | "pause" | "logger" | "onFactsChanged">;

function userFactsInMemory({ store, clock, pause, logger, onFactsChanged }: UserFactsParts): UserFactsCache {
  return createUserFactsCache({
    store,
    clock,
    pause,
    maxPeople: maxPeopleInMemory,
    maxListed: maxListedInMemory,
    onFailure: (err) => logger.warn({ err }, "a person could not be read; what was known of them stands"),
    onCaughtUp: onFactsChanged,
  });
}
