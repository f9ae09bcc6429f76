import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { maxWatched, Watched } from "../src/state/people/watched.ts";

const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => `n${from + at}`);

function setUp() {
  const now = new Set<string>();
  const asked: string[] = [];
  const watched = new Watched({
    watch(users) {
      asked.push(`+${users.length}`);
      for (const user of users) now.add(user);
      assert.ok(now.size <= maxWatched, "the server would refuse one more");
    },
    unwatch(users) {
      asked.push(`-${users.length}`);
      for (const user of users) now.delete(user);
    },
  });
  return { watched, now, asked };
}

describe("whose presence is followed", () => {
  it("is one past the bound in place of the one that was looked at least recently", () => {
    const { watched, now, asked } = setUp();
    watched.add(numbers(0, maxWatched));
    watched.add(["n0"]);
    watched.add([`n${maxWatched}`]);
    assert.deepEqual([now.has("n0"), now.has("n1"), now.has(`n${maxWatched}`)], [true, false, true]);
    assert.deepEqual(asked, [`+${maxWatched}`, "-1", "+1"]);
  });

  it("comes back with the one that is on the screen again", () => {
    const { watched, now } = setUp();
    watched.add(numbers(0, maxWatched));
    watched.add(numbers(maxWatched, maxWatched + 20));
    assert.equal(now.has("n3"), false);
    watched.add(["n3"]);
    assert.equal(now.has("n3"), true);
  });

  it("are the first of more than can be followed", () => {
    const { watched, now } = setUp();
    watched.add(numbers(0, maxWatched + 1));
    assert.deepEqual([now.size, now.has("n0"), now.has(`n${maxWatched}`)], [maxWatched, true, false]);
  });

  it("leaves those that were looked at where the contacts are read anew", () => {
    const { watched, now } = setUp();
    watched.fill(numbers(0, 300));
    watched.add(["n250"]);
    watched.fill(numbers(0, 300));
    assert.deepEqual([now.size, now.has("n250"), now.has("n0"), now.has("n199")], [maxWatched, true, false, true]);
  });

  it("ends for a contact who is removed, and asks for nothing twice", () => {
    const { watched, now, asked } = setUp();
    watched.add(["n1", "n1", "n2"]);
    watched.add(["n2"]);
    watched.drop(["n1", "n9"]);
    watched.drop(["n1"]);
    assert.deepEqual([[...now], asked], [["n2"], ["+2", "-1"]]);
  });
});
