import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { addresseeOf } from "../src/state/addressee.ts";

const contact = (phone: string, name: string) => ({ phone, name, registered: true });
const [anna, otherAnna] = [contact("5550001", "Anna"), contact("5550002", "anna ")];
const impostor = contact("5550666", "5550003");
const known = contact("auth0|42", "Kim");
const contacts = [anna, otherAnna, contact("5550004", "Bob"), impostor, known];

describe("what is typed to be dialled", () => {
  it("is a number where it reads as one, whoever is called so", () => {
    assert.deepEqual(addresseeOf("5550003", contacts), { kind: "user", userId: "5550003" });
    assert.deepEqual(addresseeOf("\u202a+49 170\u20110000018\u202c", contacts), {
      kind: "user",
      userId: "+491700000018",
    });
  });

  it("is a contact by name, however its letters are written", () => {
    assert.deepEqual(addresseeOf(" BOB\u200e", contacts), { kind: "user", userId: "5550004" });
  });

  it("is asked about where two contacts have the name", () => {
    assert.deepEqual(addresseeOf("Anna", contacts), { kind: "several", people: [anna, otherAnna] });
  });

  it("is the number of the echo, or the id of a contact", () => {
    assert.deepEqual(addresseeOf("Echo", contacts), { kind: "user", userId: "echo" });
    assert.deepEqual(addresseeOf("auth0|42", contacts), { kind: "user", userId: "auth0|42" });
  });

  it("is at most a question to the server where it is no number and no contact", () => {
    assert.deepEqual(addresseeOf("hello", contacts), { kind: "perhaps", userId: "hello" });
    assert.deepEqual(addresseeOf("hello there", contacts), { kind: "nobody" });
    assert.deepEqual(addresseeOf(" \u200b", contacts), { kind: "nothing" });
  });
});
