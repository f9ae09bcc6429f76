import { MongoClient } from "mongodb";
import { randomCode } from "../../platform.ts";
import { givenMongodbUri } from "../programs/find-mongod.ts";
import { type MongoSet, startMongoSet } from "./mongo-set.ts";

/** What a server under test stores in, besides its own folder; the test that started it stops it. */
export interface StoreUnderTest {
  readonly env: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** Of this process, each with a name of its own. */
let databases = 0;

const embedded: StoreUnderTest = { env: {}, stop: async () => {} };

/**
 * With ECHOO_TEST_STORE=mongodb a server that a test starts gets a database of its own, unless the test names one: the same
 * end-to-end tests run on both stores. It is in the MongoDB that is given, and dropped in the end, or in one of its own.
 */
export async function storeUnderTest(env: Readonly<Record<string, string>> = {}): Promise<StoreUnderTest> {
  if (process.env.ECHOO_TEST_STORE !== "mongodb" || env.MONGODB_URI !== undefined) return embedded;
  const given = givenMongodbUri();
  if (given === undefined) {
    const set: MongoSet = await startMongoSet({ nodes: 1 });
    return { env: { MONGODB_URI: set.uri }, stop: () => set.stop() };
  }
  databases += 1;
  const name = `echoo-${process.pid}-${databases}-${randomCode()}`;
  return { env: { MONGODB_URI: given, ECHOO_DB: name }, stop: () => dropDatabase(given, name) };
}

async function dropDatabase(uri: string, name: string): Promise<void> {
  const client = new MongoClient(uri);
  await client.db(name).dropDatabase();
  await client.close();
}
