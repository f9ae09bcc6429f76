import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Command, type CommandInput, UsageError } from "../src/commands/command.ts";
import { describeUnknown, findCommand, runCommand } from "../src/commands/run-command.ts";

function recording(name: string): { command: Command; seen: CommandInput[] } {
  const seen: CommandInput[] = [];
  const run = async (input: CommandInput) => {
    seen.push(input);
    return 3;
  };
  return {
    command: { name, usage: "[word]", summary: "Does a thing.", flags: { to: { type: "string" } }, run },
    seen,
  };
}

const silent = { print: () => undefined, say: () => undefined };

describe("the commands of echoo", () => {
  it("are found by one word or two, and get what follows", () => {
    const [one, two] = [recording("invite").command, recording("store copy").command];
    assert.deepEqual(findCommand([one, two], ["store", "copy", "x"]), { command: two, rest: ["x"] });
    assert.deepEqual(findCommand([one, two], ["invite"]), { command: one, rest: [] });
    assert.equal(findCommand([one, two], ["store"]), undefined);
    assert.equal(findCommand([one, two], []), undefined);
  });

  it("are named to whoever mistypes one, or types half of one", () => {
    const commands = ["invite", "store copy", "store check"].map((name) => recording(name).command);
    assert.match(describeUnknown(commands, ["invte"]), /no command 'invte'; did you mean 'invite'\?/);
    assert.match(describeUnknown(commands, ["sart"]), /did you mean 'start'\?/);
    for (const argv of [["store"], ["store", "cpy"]]) {
      assert.match(describeUnknown(commands, argv), /^after 'store' comes one of: copy, check;/);
    }
  });

  it("take their own flags, settings as flags, and words, in any order", async () => {
    const { command, seen } = recording("invite");
    const code = await runCommand(command, ["--ring-ms=2000", "+491", "--to", "there"], { PORT: "81" }, silent);
    assert.equal(code, 3);
    const [input] = seen;
    assert.deepEqual(input?.words, ["+491"]);
    assert.equal(input?.flags.to, "there");
    assert.equal(input?.config().ringMs, 2000);
    assert.equal(input?.config().port, 81);
  });

  it("refuse a flag that does not exist", async () => {
    const { command } = recording("invite");
    await assert.rejects(runCommand(command, ["--nope"], {}, silent), (error: Error) => {
      assert.ok(error instanceof UsageError);
      assert.match(error.message, /'--nope'.*echoo invite --help/);
      return true;
    });
  });

  it("explain themselves instead of running when asked for help", async () => {
    const { command, seen } = recording("store copy");
    const lines: string[] = [];
    assert.equal(await runCommand(command, ["--help"], {}, { ...silent, print: (line) => void lines.push(line) }), 0);
    assert.equal(seen.length, 0);
    assert.match(lines.join("\n"), /^echoo store copy \[word\]\n\n {2}Does a thing\./);
  });
});
