import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { StoreUnavailable } from "@echoo/core";
import { explainFault } from "../../src/console/explain-fault.ts";

function fault(fields: Partial<NodeJS.ErrnoException> & { port?: number }): Error {
  return Object.assign(new Error("as the system says it"), fields);
}

test("a port that may not be used and a file that may not be written are told apart", () => {
  assert.match(explainFault(fault({ code: "EACCES", syscall: "listen", port: 80 })), /^PORT may not be used/);
  const file = explainFault(fault({ code: "EACCES", syscall: "open", path: "/var/echoo/server-secret" }));
  assert.match(file, /^as the system says it\. ECHOO_DATA must name a folder/);
});

test("a fault of the file system names the setting, in the system's own words", () => {
  let thrown: unknown;
  try {
    readFileSync("/this/is/nowhere");
  } catch (error) {
    thrown = error;
  }
  assert.match(explainFault(thrown), /ENOENT.*this.is.nowhere.*ECHOO_DATA/);
});

test("the port that is taken, and why a database is away, are said", () => {
  assert.match(explainFault(fault({ code: "EADDRINUSE", syscall: "listen", port: 3000 })), /\(3000\); set PORT/);
  const away = new StoreUnavailable(new Error("no such name"));
  assert.equal(explainFault(away), "the database does not answer: no such name");
  assert.equal(explainFault(new Error("something else")), "something else");
});
