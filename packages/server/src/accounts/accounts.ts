import type { Clock, Ids, Store } from "@echoo/core";
import type { Config } from "../config/read-config.ts";
import type { Logger } from "../logging.ts";
import { createCodes, type OneTimeCodes } from "./codes.ts";
import { createGate, type Gate } from "./gate.ts";
import type { MachineFacts } from "./machine.ts";
import { createOpenAccess, type OpenAccess } from "./open-access-watch.ts";
import { createPeople, type PeopleCache } from "./people.ts";
import { createStrangerQuota, type StrangerQuota } from "./stranger-quota.ts";
import { createTokens, type Tokens } from "./tokens.ts";
import { createVerifiedAddresses, type VerifiedAddresses } from "./verified-addresses.ts";

const maxPeopleInMemory = 50_000;

/** Who may speak as whom, in one piece for REST and WebSocket alike. */
export interface Accounts {
  readonly openAccess: OpenAccess;
  readonly tokens: Tokens;
  readonly codes: OneTimeCodes;
  readonly people: PeopleCache;
  readonly strangerQuota: StrangerQuota;
  readonly verifiedAddresses: VerifiedAddresses;
  readonly gate: Gate;
}

interface AccountsDeps {
  readonly config: Config;
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly logger: Logger;
  readonly machine: MachineFacts;
  /** The server's own secret. */
  readonly secret: string;
  readonly randomSecret: () => string;
  readonly randomCode: () => string;
}

export function createAccounts(deps: AccountsDeps): Accounts {
  const { config, store, clock, ids, logger, randomSecret, randomCode } = deps;
  const openAccess = createOpenAccess(config, deps.machine, (header) => {
    logger.warn({ header }, "a proxy on this machine was seen: open access from it ends until the restart");
  });
  const tokens = createTokens({ store: store.tokens, clock, ids, randomSecret });
  const codes = createCodes({ store: store.codes, clock, key: deps.secret, randomCode });
  const people = createPeople({
    store,
    clock,
    maxPeople: maxPeopleInMemory,
    onFailure: (err) => logger.warn({ err }, "a person could not be read; they count as a stranger for now"),
  });
  const verifiedAddresses = createVerifiedAddresses(clock);
  const remembersAddresses = config.legacyJoin === "verified-address";
  const gate = createGate({
    store,
    clock,
    tokens,
    openAccess,
    people,
    trustProxy: config.trustProxy,
    verifiedAddresses: remembersAddresses ? verifiedAddresses : undefined,
  });
  return { openAccess, tokens, codes, people, strangerQuota: createStrangerQuota(clock), verifiedAddresses, gate };
}
