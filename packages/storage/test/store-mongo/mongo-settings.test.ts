import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeClock, pause } from "@echoo/testkit";
import { MongoClient } from "mongodb";
import { clientOptions, databaseOptions, operationMs } from "../../src/store-mongo/link/client-options.ts";
import { MongoSettingError, openMongoStore } from "../../src/store-mongo/open-mongo-store.ts";

const secret = "s3cret-of-somebody";

function refused(uri: string, database = "echoo"): string {
  try {
    openMongoStore({ pause, uri, database, clock: new FakeClock(), onAway: () => {}, onReady: () => {} });
  } catch (error) {
    assert.ok(error instanceof MongoSettingError, String(error));
    return error.message;
  }
  throw new assert.AssertionError({ message: `${uri} was taken` });
}

test("a connection string that cannot be used is refused without a word of its secrets", () => {
  for (const uri of [
    `mongodb://ann:${secret}@`,
    `mongodb://ann:${secret}@host:port/`,
    `mongodb://ann:${secret}/x@host/`,
    `mongodb://${secret}:a@b@host/`,
    `mongodb+srv://ann:${secret}@host:27017/`,
    `mongodb+srv://ann:${secret}@a,b/`,
    `mongodb://ann:${secret}@host/?retryWrites=perhaps`,
    `mongodb://ann:${secret}@host/?thereIsNoSuchOption=1`,
    `mongodb://ann:%${secret}@host/`,
  ]) {
    const said = refused(uri);
    assert.match(said, /^MONGODB_URI cannot be used: /);
    assert.ok(!said.includes(secret), said);
  }
  assert.match(refused("mongodb://host/?retryWrites=perhaps"), /retryWrites must be either "true" or "false"/);
});

test("a database name that MongoDB does not take is refused by its setting's name", () => {
  for (const name of ["a b", "a.b", "a$b", 'a"b', "a/b", "a\0b", "x".repeat(64)]) {
    assert.match(refused("mongodb://host/", name), /^ECHOO_DB must be/);
  }
});

test("time limits and pool are Echoo's own where the connection string says nothing", () => {
  const { options } = new MongoClient("mongodb://host/", clientOptions("mongodb://host/", operationMs));
  assert.equal(options.serverSelectionTimeoutMS, 2_000);
  assert.equal(options.connectTimeoutMS, 2_000);
  assert.equal(options.socketTimeoutMS, 5_000);
  assert.equal(options.waitQueueTimeoutMS, 2_000);
  assert.equal(options.maxPoolSize, 20);
  assert.equal(options.retryWrites, true);
});

test("the connection string decides on limits and pool, and on no promise", () => {
  const uri =
    "mongodb://host/?MaxPoolSize=7&w=1&journal=false&readPreference=secondary&readConcernLevel=local&tls=true";
  const client = new MongoClient(uri, clientOptions(uri, operationMs));
  const { options } = client;
  assert.equal(options.maxPoolSize, 7);
  assert.equal(options.tls, true);
  const { writeConcern, readConcern, readPreference } = client
    .db("echoo", databaseOptions(operationMs))
    .collection("calls");
  assert.deepEqual([writeConcern?.w, writeConcern?.journal], ["majority", true]);
  assert.equal(readConcern?.level, "majority");
  assert.equal(readPreference?.mode, "primary");
});
