import { test } from "node:test";
import type { Store } from "@echoo/core";

/** A store that is empty, and its end. */
export interface StoreFixture {
  readonly store: Store;
  dispose(): Promise<void>;
}

export type StoreFactory = () => Promise<StoreFixture>;

/** A test with an empty store of its own. */
export type StoreCase = (title: string, run: (store: Store) => Promise<void>) => void;

export function storeCase(name: string, factory: StoreFactory): StoreCase {
  return (title, run) => {
    test(`${name}: ${title}`, async () => {
      const fixture = await factory();
      try {
        await run(fixture.store);
      } finally {
        await fixture.dispose();
      }
    });
  };
}
