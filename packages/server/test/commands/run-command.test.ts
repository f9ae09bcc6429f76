import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { allCommands } from "../../src/commands/all-commands.ts";
import { type Command, type CommandInput, UsageError } from "../../src/commands/command.ts";
import { findHelp } from "../../src/commands/find-help.ts";
import { describeUnknown, findCommand, runCommand } from "../../src/commands/run-command.ts";

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

  it("are named to an operator who mistypes one, or types half of one", () => {
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

  const general = () => "everything";
  for (const command of allCommands) {
    const words = command.name.split(" ");
    const [first = "", ...others] = words;
    it(`explain themselves instead of running: ${command.name}`, () => {
      const ways = [
        [...words, "--help"],
        [...words, "-h"],
        [...words, "help"],
        ["help", ...words],
        ["--help", ...words],
        [...words, "something", "--nonsense", "--help"],
      ];
      for (const argv of ways) {
        const text = findHelp(allCommands, argv, general) ?? "";
        assert.ok(text.startsWith(`echoo ${command.name}`), `${argv.join(" ")}: ${text}`);
        assert.ok(text.includes(command.summary));
        for (const flag of Object.keys(command.flags ?? {})) assert.ok(text.includes(`--${flag}`), flag);
      }
      assert.equal(findHelp(allCommands, words, general), undefined);
    });

    if (others.length === 0) continue;
    it(`explain themselves together by their first word: ${first}, for ${command.name}`, () => {
      for (const argv of [
        [first, "--help"],
        [first, "-h"],
        [first, "help"],
        ["help", first],
      ]) {
        const text = findHelp(allCommands, argv, general) ?? "";
        assert.ok(text.includes(`echoo ${command.name}`) && text.includes(command.summary), argv.join(" "));
      }
    });
  }

  it("explain everything to an operator who names none of them, or the one that serves", () => {
    const ways = [
      ["--help"],
      ["-h"],
      ["help"],
      ["start", "--help"],
      ["start", "-h"],
      ["start", "help"],
      ["help", "start"],
    ];
    for (const argv of [...ways, ["--port", "8080", "--help"]]) {
      assert.equal(findHelp(allCommands, argv, general), "everything", argv.join(" "));
    }
    for (const argv of [["help", "nonsense"], ["nonsense", "--help"], [], ["start"], ["store"]]) {
      assert.equal(findHelp(allCommands, argv, general), undefined, argv.join(" "));
    }
  });
});
