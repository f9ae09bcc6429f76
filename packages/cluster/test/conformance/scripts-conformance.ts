import { afterEach, beforeEach, describe } from "node:test";
import { boundConformance } from "./bounds.ts";
import { ClusterFixture } from "./cluster-fixture.ts";
import { homeConformance } from "./homes.ts";
import { lockConformance } from "./locks.ts";
import { nodeConformance } from "./nodes.ts";
import { presenceConformance } from "./presence.ts";
import { restoreConformance } from "./restores.ts";
import type { StoreUnderTest } from "./store-under-test.ts";

/** What every store of a cluster holds to. `open` gives an empty one. */
export function scriptsConformance(name: string, open: () => Promise<StoreUnderTest>): void {
  describe(`what nodes share in ${name}`, () => {
    let fixture: ClusterFixture | undefined;
    beforeEach(async () => {
      fixture = new ClusterFixture(await open());
    });
    afterEach(async () => {
      await fixture?.store.close();
    });
    const current = () => {
      if (!fixture) throw new Error("there is no store");
      return fixture;
    };
    lockConformance(current);
    homeConformance(current);
    restoreConformance(current);
    nodeConformance(current);
    boundConformance(current);
    presenceConformance(current);
  });
}
