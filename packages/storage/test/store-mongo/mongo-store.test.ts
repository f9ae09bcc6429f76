import { describe } from "node:test";
import { requireService, storeConformance } from "@echoo/testkit";
import { mongoFixture } from "./mongo-fixture.ts";

describe("the store on MongoDB", { skip: requireService("mongodb") }, () => {
  const fixture = mongoFixture("conformance");

  storeConformance("MongoDB", async () => {
    const store = await fixture().emptyStore();
    return { store, dispose: () => store.close() };
  });
});
