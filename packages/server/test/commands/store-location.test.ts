import assert from "node:assert/strict";
import { resolve } from "node:path";
import { test } from "node:test";
import { UsageError } from "../../src/commands/command.ts";
import { isSameLocation, readLocation } from "../../src/commands/store/store-location.ts";

const place = (text: string) => readLocation("--from", text, () => "echoo");

test("a place is a folder, a file, or a database, and is shown without its user and password", () => {
  assert.deepEqual(place("sqlite:somewhere/data"), {
    kind: "sqlite",
    file: resolve("somewhere/data/echoo.db"),
    shown: `sqlite:${resolve("somewhere/data/echoo.db")}`,
  });
  assert.equal(place("sqlite:/x/old.db").shown, `sqlite:${resolve("/x/old.db")}`);
  const shown = (text: string) => place(text).shown;
  assert.equal(shown("mongodb://ann:s3cret@a:1,b:2/calls?tls=true"), "mongodb://a:1,b:2/calls");
  assert.equal(shown("mongodb+srv://ann:s3cret@c.example.net/"), "mongodb+srv://c.example.net/echoo");
  assert.equal(shown("mongodb://h?replicaSet=x"), "mongodb://h/echoo");
});

test("what cannot be read is refused without a word of it", () => {
  for (const text of [
    "",
    "data",
    "sqlite:",
    "mongodb://",
    "mongodb://u:s3@cret@h/x",
    "mongodb://u:s3/cret@h",
    "http://h/s3",
  ]) {
    assert.throws(
      () => place(text),
      (error) => error instanceof UsageError && !/s3|cret/.test(error.message),
      text,
    );
  }
});

test("the same place is known under its other names", () => {
  const same = (a: string, b: string) => isSameLocation(place(a), place(b));
  assert.ok(same("sqlite:x", "sqlite:./x/echoo.db"));
  assert.ok(same("mongodb://localhost/a", "mongodb://127.0.0.1:27017/a"));
  assert.ok(same("mongodb://A:1,b:2/a", "mongodb://u:p@b:2/a?replicaSet=r"));
  assert.ok(!same("mongodb://localhost/a", "mongodb://localhost/b"));
  assert.ok(!same("mongodb://localhost/a", "sqlite:a"));
});
