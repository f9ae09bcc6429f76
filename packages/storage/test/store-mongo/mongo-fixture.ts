import { after, before } from "node:test";
import { mongodbForTests, pause, realClock, tellingOfTests } from "@echoo/testkit";
import { MongoClient } from "mongodb";
import { type MongoStore, openMongoStore } from "../../src/store-mongo/open-mongo-store.ts";

/** Opens a store whose indexes are there. */
export async function openReadyStore(uri: string, database: string): Promise<MongoStore> {
  const options = { pause, uri, database, clock: realClock, telling: tellingOfTests() };
  const store = openMongoStore({ ...options, onAway: () => {}, onReady: () => {} });
  await store.ready;
  return store;
}

export interface MongoFixture {
  readonly uri: string;
  /** For looking at what is stored past the store. */
  readonly raw: MongoClient;
  readonly database: string;
  /** A store on the database, which is emptied first. It is closed with the test. */
  emptyStore(test?: { after(end: () => Promise<void>): void }): Promise<MongoStore>;
}

/** A database for the tests of one suite: call it in the suite, and what it returns in its tests. */
export function mongoFixture(name: string): () => MongoFixture {
  const ends: (() => Promise<void>)[] = [];
  const database = `echoo-${name}-${process.pid}`;
  let fixture: MongoFixture | undefined;
  before(async () => {
    const uri = await mongodbForTests({ after: (end) => void ends.unshift(end) });
    const raw = new MongoClient(uri);
    ends.unshift(async () => {
      await raw.db(database).dropDatabase();
      await raw.close();
    });
    const emptyStore: MongoFixture["emptyStore"] = async (test) => {
      const store = await openReadyStore(uri, database);
      test?.after(() => store.close());
      const collections = await raw.db(database).collections();
      await Promise.all(collections.map((collection) => collection.deleteMany({})));
      return store;
    };
    fixture = { uri, raw, database, emptyStore };
  });
  after(async () => {
    for (const end of ends) await end();
  });
  return () => {
    if (fixture === undefined) throw new Error("the database is there in tests alone");
    return fixture;
  };
}
