import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import type { Store } from "@echoo/core";
import { FakeClock, pause, randomSecret, seededIds } from "@echoo/testkit";
import { readConfig } from "../../../server/src/config/read-config.ts";
import { createLogger } from "../../../server/src/observability/logging.ts";
import { createExternalJwtAccess } from "../../src/external-jwt/external-jwt-access.ts";
import { keySetFetcher } from "../../src/external-jwt/fetch-key-set.ts";
import { type Credentials, createCredentials } from "../../src/tokens/credentials.ts";
import { createTokens, type Tokens } from "../../src/tokens/tokens.ts";
import { createUserFactsCache } from "../../src/user-facts/user-facts-cache.ts";
import { temporaryStore } from "../temporary-store.ts";

/** What outlives a process. */
interface Lasting {
  readonly clock: FakeClock;
  readonly store: Store;
}

/** Everything that decides about a token, over a real store and a real key server; only time stands still. */
export function externalJwtSetup(
  t: TestContext,
  env: Record<string, string>,
  onProven: (userId: string) => void = () => {},
  { clock, store }: Lasting = { clock: new FakeClock(), store: temporaryStore(t) },
): ExternalJwtSetup {
  const lines: string[] = [];
  const logger = createLogger("debug", { write: (line) => void lines.push(line) });
  const config = readConfig(env, []);
  const host = createExternalJwtAccess({
    config,
    store,
    secret,
    clock,
    logger,
    keySetFrom: (url) => keySetFetcher(url, clock),
  });
  const tokens = createTokens({ store: store.tokens, clock, ids: seededIds(1), randomSecret });
  const userFacts = createUserFactsCache({
    store,
    clock,
    pause,
    maxPeople: 10,
    maxListed: 99,
    onFailure: () => assert.fail(),
    onCaughtUp: () => assert.fail(),
  });
  const credentials = createCredentials({
    store,
    clock,
    tokens,
    host,
    pushDevices: store.pushDevices,
    userFacts,
    onRegistered: () => {},
    onProven,
  });
  const restarted = () => externalJwtSetup(t, env, onProven, { clock, store });
  return { clock, store, lines, credentials, tokens, restarted };
}

const secret = "the server's own secret";

export interface ExternalJwtSetup {
  readonly clock: FakeClock;
  readonly store: Store;
  readonly lines: string[];
  readonly credentials: Credentials;
  readonly tokens: Tokens;
  /** The next process on the same folder: it remembers what is stored. */
  restarted(): ExternalJwtSetup;
}

/** What a token comes to, with its user made as a join would. */
export async function entered({ credentials, clock }: ExternalJwtSetup, jwt: string): Promise<string | undefined> {
  const token = await credentials.check(jwt);
  if (token) await credentials.welcome(token, clock.steady());
  return token?.userId;
}
