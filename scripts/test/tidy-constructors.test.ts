import assert from "node:assert/strict";
import { test } from "node:test";
import { checkConstructors } from "../tidy/rules/constructors.ts";
import { madeUpTree, places } from "./made-up-tree.ts";

const found = (code: string, path = "packages/core/src/a.ts") =>
  places(checkConstructors(madeUpTree({ [path]: `\n${code}\n` })));

for (const code of [
  "new Part({ ...state, more: 1 });",
  "new Part(port, { own: 1, ...this.options });",
  "class Part { constructor(state: EngineState) {} }",
  "class Part { constructor(a: string, private readonly deps: HttpDeps) {} }",
  "class Part { constructor(config: Config = usual) {} }",
]) {
  test(`${code} takes more than it names`, () => {
    assert.deepEqual(found(code), ["packages/core/src/a.ts:2"]);
    assert.deepEqual(found(code, "packages/core/test/a.test.ts"), []);
    assert.deepEqual(found(code, "packages/testkit/src/a.ts"), []);
  });
}

test("named parts, parts that may be absent, lists, and functions that take it all are fine", () => {
  const code = `
    new Part({ clock, id: state.id, ...(name === undefined ? {} : { name }) });
    new Set([...one, ...other]);
    make({ ...state });
    class Part { constructor(state: Pick<EngineState, "calls">, make: (state: EngineState) => void) {} }
    function createHttpApp(deps: HttpDeps) {}`;
  assert.deepEqual(found(code), []);
});
