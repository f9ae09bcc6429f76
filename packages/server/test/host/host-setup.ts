import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import type { Store } from "@echoo/core";
import { FakeClock, seededIds } from "@echoo/testkit";
import { type Credentials, createCredentials } from "../../src/accounts/credentials.ts";
import { createHostAccess } from "../../src/accounts/host-access.ts";
import { createPeople } from "../../src/accounts/people.ts";
import { createTokens, type Tokens } from "../../src/accounts/tokens.ts";
import { keySetFetcher } from "../../src/adapters/jwks/fetch-key-set.ts";
import { readConfig } from "../../src/config/read-config.ts";
import { createLogger } from "../../src/logging.ts";
import { pause, randomSecret } from "../../src/platform.ts";
import { temporaryStore } from "../accounts/temporary-store.ts";

/** What outlives a process. */
interface Lasting {
  readonly clock: FakeClock;
  readonly store: Store;
}

/** Everything that decides about a token, over a real store and a real key server; only time stands still. */
export function hostSetup(
  t: TestContext,
  env: Record<string, string>,
  onProven: (userId: string) => void = () => {},
  { clock, store }: Lasting = { clock: new FakeClock(), store: temporaryStore(t) },
): HostSetup {
  const lines: string[] = [];
  const logger = createLogger("debug", { write: (line) => void lines.push(line) });
  const config = readConfig(env, []);
  const host = createHostAccess({
    config,
    store,
    secret,
    clock,
    logger,
    keySetFrom: (url) => keySetFetcher(url, clock),
  });
  const tokens = createTokens({ store: store.tokens, clock, ids: seededIds(1), randomSecret });
  const people = createPeople({ store, clock, pause, maxPeople: 10, maxListed: 99, onFailure: () => assert.fail() });
  const credentials = createCredentials({ store, clock, tokens, host, people, onProven });
  const restarted = () => hostSetup(t, env, onProven, { clock, store });
  return { clock, store, lines, credentials, tokens, restarted };
}

const secret = "the server's own secret";

export interface HostSetup {
  readonly clock: FakeClock;
  readonly store: Store;
  readonly lines: string[];
  readonly credentials: Credentials;
  readonly tokens: Tokens;
  /** The next process on the same folder: it remembers what is stored. */
  restarted(): HostSetup;
}

/** What a token comes to, with its user made as a join would. */
export async function entered({ credentials, clock }: HostSetup, jwt: string): Promise<string | undefined> {
  const token = await credentials.check(jwt);
  if (token) await credentials.welcome(token, clock.steady());
  return token?.userId;
}
