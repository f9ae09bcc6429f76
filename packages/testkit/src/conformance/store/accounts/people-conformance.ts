import assert from "node:assert/strict";
import { startMs } from "../../ended-call.ts";
import type { StoreCase } from "../store-case.ts";

export function contactsConformance(check: StoreCase): void {
  check("contacts are listed by name, then number, by code point", async ({ contacts }) => {
    // U+1F600 comes after U+FF5E by code point, though before it by UTF-16 unit.
    const names = ["Zoe", "ann", "\u{1f600}", "\uff5e", "Ärger", "Zoe"];
    for (const [i, name] of names.entries()) {
      await contacts.put("+491", { contact: `+49${9 - i}`, name, createdAtMs: startMs + i }, 10);
    }
    const listed = await contacts.list("+491");
    assert.deepEqual(
      listed.map(({ name, contact }) => `${name} ${contact}`),
      ["Zoe +494", "Zoe +499", "ann +498", "Ärger +495", "\uff5e +496", "\u{1f600} +497"],
    );
    assert.equal(listed.find((row) => row.name === "ann")?.createdAtMs, startMs + 1);
    assert.deepEqual(await contacts.list("+492"), []);
  });

  check("a known contact is renamed and keeps its time, also when the list is full", async ({ contacts }) => {
    const bob = { contact: "+492", name: "Bob", createdAtMs: startMs };
    assert.equal(await contacts.put("+491", bob, 1), "created");
    assert.equal(await contacts.put("+491", { ...bob, name: "Bobby", createdAtMs: startMs + 9 }, 1), "updated");
    assert.equal(await contacts.put("+491", { ...bob, contact: "+493" }, 1), "full");
    assert.deepEqual(await contacts.list("+491"), [{ ...bob, name: "Bobby" }]);
  });

  check("contacts added at once never exceed the bound", async ({ contacts }) => {
    const put = (i: number) => contacts.put("+491", { contact: `+49${i}`, name: "x", createdAtMs: startMs }, 5);
    const results = await Promise.all(Array.from({ length: 12 }, (_, i) => put(i)));
    assert.equal(results.filter((result) => result === "created").length, 5);
    assert.equal(results.filter((result) => result === "full").length, 7);
    assert.equal((await contacts.list("+491")).length, 5);
  });

  check("the same contact added at once is created once", async ({ contacts }) => {
    const put = () => contacts.put("+491", { contact: "+492", name: "Bob", createdAtMs: startMs }, 5);
    const results = await Promise.all(Array.from({ length: 8 }, put));
    assert.equal(results.filter((result) => result === "created").length, 1);
    assert.equal((await contacts.list("+491")).length, 1);
  });

  check("a contact is removed once, from its owner alone", async ({ contacts }) => {
    const bob = { contact: "+492", name: "Bob", createdAtMs: startMs };
    await contacts.put("+491", bob, 5);
    await contacts.put("+493", bob, 5);
    assert.equal(await contacts.remove("+491", "+492"), true);
    assert.equal(await contacts.remove("+491", "+492"), false);
    assert.deepEqual(await contacts.list("+493"), [bob]);
  });
}

export function blocksConformance(check: StoreCase): void {
  check("a block is created once, listed, bounded and removed", async ({ blocks }) => {
    const block = (blocked: string) => ({ blocked, createdAtMs: startMs });
    const results = await Promise.all(Array.from({ length: 6 }, () => blocks.put("+491", block("+492"), 2)));
    assert.deepEqual(results.sort(), ["created", "known", "known", "known", "known", "known"]);
    assert.equal(await blocks.put("+491", block("+4911"), 2), "created");
    assert.equal(await blocks.put("+491", block("+493"), 2), "full");
    assert.equal(await blocks.put("+491", block("+492"), 2), "known");
    assert.deepEqual(await blocks.list("+491"), [block("+4911"), block("+492")]);
    assert.deepEqual(await blocks.list("+492"), []);
    assert.equal(await blocks.remove("+491", "+492"), true);
    assert.equal(await blocks.remove("+491", "+492"), false);
    assert.deepEqual(await blocks.list("+491"), [block("+4911")]);
  });

  check("a known block keeps its time", async ({ blocks }) => {
    await blocks.put("+491", { blocked: "+492", createdAtMs: startMs }, 5);
    await blocks.put("+491", { blocked: "+492", createdAtMs: startMs + 1 }, 5);
    assert.deepEqual(await blocks.list("+491"), [{ blocked: "+492", createdAtMs: startMs }]);
  });
}
