import assert from "node:assert/strict";
import type { Token } from "@echoo/core";
import { startMs } from "../../ended-call.ts";
import type { StoreCase } from "../store-case.ts";

const lifeMs = 1000;

function token(id: string, changes: Partial<Token> = {}): Token {
  return {
    id,
    userId: "+491",
    hash: `hash of ${id}`,
    device: "phone",
    createdAtMs: startMs,
    lastUsedAtMs: startMs,
    expiresAtMs: startMs + lifeMs,
    ...changes,
  };
}

export function tokensConformance(check: StoreCase): void {
  check("a token is found by its hash until the moment it expires", async ({ tokens }) => {
    const { device, ...withoutDevice } = token("b");
    await tokens.insert(token("a"));
    await tokens.insert(withoutDevice);
    assert.deepEqual(await tokens.findByHash("hash of a", startMs + lifeMs - 1), token("a"));
    assert.deepEqual(await tokens.findByHash("hash of b", startMs), withoutDevice);
    assert.equal(await tokens.findByHash("hash of a", startMs + lifeMs), undefined);
    assert.equal(await tokens.findByHash("hash of c", startMs), undefined);
  });

  check("a token's use moves its end", async ({ tokens }) => {
    await tokens.insert(token("a"));
    assert.equal(await tokens.touch("a", startMs + 900, startMs + 1900), startMs + 1900);
    const found = await tokens.findByHash("hash of a", startMs + 1899);
    assert.deepEqual(found, token("a", { lastUsedAtMs: startMs + 900, expiresAtMs: startMs + 1900 }));
    // The clock was set back in between.
    assert.equal(await tokens.touch("a", startMs - 5000, startMs - 4000), startMs + 1900);
    assert.deepEqual(await tokens.findByHash("hash of a", startMs + 1899), found);
    assert.equal(await tokens.touch("nobody's", startMs, startMs), startMs);
  });

  check("the living tokens of a user are listed newest first", async ({ tokens }) => {
    await tokens.insert(token("old", { createdAtMs: startMs - 50 }));
    await tokens.insert(token("new", { createdAtMs: startMs + 50 }));
    await tokens.insert(token("dead", { expiresAtMs: startMs + 100 }));
    await tokens.insert(token("bob's", { userId: "+492" }));
    const listed = await tokens.list("+491", startMs + 100);
    assert.deepEqual(
      listed.map(({ id }) => id),
      ["new", "old"],
    );
  });

  check("a token is revoked once, and by its own user alone", async ({ tokens }) => {
    await tokens.insert(token("a"));
    assert.equal(await tokens.revoke("+492", "a"), false);
    assert.ok(await tokens.findByHash("hash of a", startMs));
    const revoked = await Promise.all([tokens.revoke("+491", "a"), tokens.revoke("+491", "a")]);
    assert.deepEqual(revoked.sort(), [false, true]);
    assert.equal(await tokens.findByHash("hash of a", startMs), undefined);
    assert.deepEqual(await tokens.list("+491", startMs), []);
  });

  check("two tokens never share an id or a hash", async ({ tokens }) => {
    await tokens.insert(token("a"));
    await assert.rejects(tokens.insert(token("a", { hash: "another" })));
    await assert.rejects(tokens.insert(token("b", { hash: "hash of a" })));
    assert.deepEqual((await tokens.list("+491", startMs)).length, 1);
  });
}
