import assert from "node:assert/strict";
import { describe, it, test } from "node:test";
import { cleanName, cutName, isNameShown, restContract } from "@echoo/protocol";

describe("a name loses what nobody sees of it", () => {
  for (const [text, kept] of [
    ["  Ann \t\n Smith ", "Ann Smith"],
    ["An\u0000n\u0007", "An n"],
    ["\u202eTrebor\u202c", "Trebor"],
    ["\u2066Ann\u2069\u200e\u200f\u061c", "Ann"],
    ["A\u200bn\u2060n\ufeff\u00ad", "Ann"],
    ["Ann\ud83d", "Ann"],
    ["A\u0308nn", "\u00c4nn"],
    ["\u200b\u200d\u2060", ""],
    ["\u3164\uffa0", ""],
    ["\u2800\u2800", ""],
    ["\u0301\ufe0f", ""],
    ["", ""],
  ] as const) {
    it(`${JSON.stringify(text)} is ${JSON.stringify(kept)}`, () => {
      assert.equal(cleanName(text), kept);
    });
  }

  it("and keeps what joins letters, pictures and flags", () => {
    const names = [
      "می\u200cخواهم",
      "👩\u200d👩\u200d👧",
      "❤\ufe0f",
      "\u{1f3f4}\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}",
      "Ana-María O’Neil",
    ];
    for (const name of names) assert.equal(cleanName(name), name);
  });
});

test("a name that is cut ends in a whole character", () => {
  assert.equal(cutName(`${"x".repeat(79)}👩`, 80), "x".repeat(79));
});

test("one that reads as a number, or as nothing, is not shown as a name", () => {
  const names = ["Ann", "Bob 2", "agent 007", "5550001", "+49 170\u20110000018", "１２３４", "\u200b", " "];
  assert.deepEqual(names.map(isNameShown), [true, true, true, false, false, false, false, false]);
});

test("each REST field for a name cleans it, and refuses one of which nothing is left", () => {
  const name = "\u202eAnn\u0000\u200b";
  assert.equal(restContract.register.body.parse({ phone: "5550001", name }).displayName, "Ann");
  assert.equal(restContract.register.body.parse({ phone: "5550001", device: "\u202eiPhone" }).device, "iPhone");
  assert.equal(restContract.register.body.parse({ phone: "5550001", device: "\u200b" }).device, undefined);
  assert.equal(restContract.updateUser.body.parse({ displayName: name }).displayName, "Ann");
  assert.equal(restContract.putContact.body.parse({ name })?.name, "Ann");
  assert.equal(restContract.createInvitation.body.parse({ displayName: name })?.displayName, "Ann");
  assert.equal(restContract.appUpdateProfile.body.parse({ displayName: name }).displayName, "Ann");
  assert.equal(restContract.appAddContact.body.parse({ phoneNumber: "5550001", name }).name, "Ann");
  assert.equal(restContract.appAddContact.body.parse({ phoneNumber: "5550001", name: "\u200b" }).name, undefined);
  assert.ok(!restContract.updateUser.body.safeParse({ displayName: "\u200b\u2800" }).success);
});
