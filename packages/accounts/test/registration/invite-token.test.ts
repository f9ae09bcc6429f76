import assert from "node:assert/strict";
import { test } from "node:test";
import { limits } from "@echoo/protocol";
import fc from "fast-check";
import { type Invitation, readInviteToken, writeInviteToken } from "../../src/registration/invite-token.ts";

const secret = "s".repeat(32);
const plain: Invitation = { id: "AbCd-_0123456789", expiresAtMs: 1_800_000_000_000, admin: false, first: false };

const invitations: fc.Arbitrary<Invitation> = fc
  .record({
    id: fc.stringMatching(/^[\w-]{16}$/),
    expiresAtMs: fc.integer({ min: 0, max: 2 ** 32 - 1 }).map((seconds) => seconds * 1000),
    admin: fc.boolean(),
    first: fc.boolean(),
    phone: fc.option(fc.stringMatching(/^\+?\d{3,15}$/), { nil: undefined }),
    displayName: fc.option(fc.string({ unit: "grapheme", minLength: 1, maxLength: limits.displayNameChars }), {
      nil: undefined,
    }),
  })
  .map(({ phone, displayName, ...rest }) => ({
    ...rest,
    ...(phone === undefined ? {} : { phone }),
    ...(displayName === undefined ? {} : { displayName: wellFormed(displayName.slice(0, limits.displayNameChars)) }),
  }));

/** Cutting a text may have left half of a character. */
const wellFormed = (text: string) => text.replace(/\p{Surrogate}/gu, "?");

test("an invitation says what was written into it, in as many characters as the wire allows", () => {
  fc.assert(
    fc.property(invitations, (invitation) => {
      const token = writeInviteToken(invitation, secret);
      assert.match(token, /^[\w-]+$/);
      assert.ok(token.length <= limits.inviteChars);
      assert.deepEqual(readInviteToken(token, secret), invitation);
    }),
  );
  assert.equal(writeInviteToken(plain, secret).length, 46);
});

test("nothing but what was signed with the secret is an invitation", () => {
  const token = writeInviteToken({ ...plain, phone: "+15550001", displayName: "Ann" }, secret);
  assert.equal(readInviteToken(token, "t".repeat(32)), undefined);
  for (const other of ["", "x", "null", `${token}A`, `A${token}`, `${token}=`, token.slice(0, -4), ` ${token}`]) {
    assert.equal(readInviteToken(other, secret), undefined, other);
  }
  const bytes = Buffer.from(token, "base64url");
  for (let bit = 0; bit < bytes.length * 8; bit += 1) {
    const changed = Buffer.from(bytes);
    changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    assert.equal(readInviteToken(changed.toString("base64url"), secret), undefined, `bit ${bit}`);
  }
});
