import { type MongoSet, startMongoSet } from "./mongo-set.ts";

/** What a server under test stores in, besides its own folder; the test that started it stops it. */
export interface StoreUnderTest {
  readonly env: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

const embedded: StoreUnderTest = { env: {}, stop: async () => {} };

/**
 * With ECHOO_TEST_STORE=mongodb a server that a test starts gets a MongoDB of its own, unless the test names one: the
 * same end-to-end tests run on both stores.
 */
export async function storeUnderTest(env: Readonly<Record<string, string>> = {}): Promise<StoreUnderTest> {
  if (process.env.ECHOO_TEST_STORE !== "mongodb" || env.MONGODB_URI !== undefined) return embedded;
  const set: MongoSet = await startMongoSet({ nodes: 1 });
  return { env: { MONGODB_URI: set.uri }, stop: () => set.stop() };
}
