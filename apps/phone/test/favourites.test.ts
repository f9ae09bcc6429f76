import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Favourites, maxFavourites } from "../src/state/people/favourites.ts";

function withStorage(storage: Partial<Storage> | undefined): void {
  Object.defineProperty(globalThis, "localStorage", { value: storage, configurable: true });
}

function memory(): Partial<Storage> {
  const kept = new Map<string, string>();
  return { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => void kept.set(key, value) };
}

describe("favourites", () => {
  it("are kept by person over a reload", () => {
    withStorage(memory());
    new Favourites("ann").set("1", true);
    new Favourites("ann").set("2", true);
    new Favourites("ann").set("1", false);
    assert.deepEqual([...new Favourites("ann").view.value], ["2"]);
    assert.deepEqual([...new Favourites("bob").view.value], []);
  });

  it("are bounded: with one more than there is room for, the first that was chosen goes", () => {
    withStorage(memory());
    const favourites = new Favourites("ann");
    for (let at = 0; at <= maxFavourites; at++) favourites.set(String(at), true);
    const kept = [...favourites.view.value];
    assert.deepEqual([kept.length, kept[0], kept.at(-1)], [maxFavourites, "1", String(maxFavourites)]);
  });

  it("live as long as the page where nothing can be kept", () => {
    for (const storage of [undefined, { ...memory(), getItem: () => "no json" }]) {
      withStorage(storage);
      const favourites = new Favourites("ann");
      favourites.set("1", true);
      assert.ok(favourites.view.value.has("1"));
    }
  });
});
