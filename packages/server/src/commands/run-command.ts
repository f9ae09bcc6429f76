import { parseArgs } from "node:util";
import { nearest } from "../config/nearest.ts";
import { readConfig } from "../config/read-config.ts";
import { flagOf } from "../config/setting.ts";
import { settings } from "../config/settings.ts";
import { type Command, type CommandInput, UsageError } from "./command.ts";

type Environment = Readonly<Record<string, string | undefined>>;
type Output = Pick<CommandInput, "print" | "say">;

const settingNames = new Map(Object.values(settings).map(({ name }) => [flagOf(name).slice(2), name]));

/** The command whose name the arguments begin with, and what comes after it. */
export function findCommand(
  commands: readonly Command[],
  argv: readonly string[],
): { readonly command: Command; readonly rest: readonly string[] } | undefined {
  for (const command of commands) {
    const words = command.name.split(" ");
    if (words.every((word, index) => argv[index] === word)) return { command, rest: argv.slice(words.length) };
  }
  return undefined;
}

/** What to say of a command that is none: those that begin with its first word, or else the one that was meant. */
export function describeUnknown(commands: readonly Command[], argv: readonly string[]): string {
  const [first = ""] = argv;
  const all = "echoo --help lists all";
  const family = commands.map(({ name }) => name).filter((name) => name.startsWith(`${first} `));
  if (family.length > 0) return `after '${first}' comes one of: ${familyWords(first, family)}; ${all}`;
  const meant = nearest(first, ["start", ...commands.map(({ name }) => name)]);
  return `there is no command '${first}'; did you mean '${meant}'? ${all}`;
}

function familyWords(first: string, names: readonly string[]): string {
  return names.map((name) => name.slice(first.length + 1)).join(", ");
}

/** Runs a command with what follows its name. Every setting is a flag of every command. */
export async function runCommand(
  command: Command,
  rest: readonly string[],
  env: Environment,
  output: Output,
): Promise<number> {
  const { values, positionals } = parse(command, rest);
  const given: Record<string, string> = {};
  const flags: Record<string, string | boolean | undefined> = {};
  for (const [flag, value] of Object.entries(values)) {
    const setting = command.flags?.[flag] === undefined ? settingNames.get(flag) : undefined;
    if (setting === undefined) flags[flag] = value;
    else given[setting] = String(value);
  }
  return command.run({ words: positionals, flags, config: () => readConfig({ ...env, ...given }, []), ...output });
}

function parse(command: Command, rest: readonly string[]) {
  const ofSettings = Object.fromEntries([...settingNames.keys()].map((flag) => [flag, { type: "string" as const }]));
  const options = { ...ofSettings, ...command.flags };
  try {
    const { values, positionals } = parseArgs({ args: [...rest], options, allowPositionals: true, strict: true });
    return { values: values as Record<string, string | boolean | undefined>, positionals };
  } catch (error) {
    // The parser's own message goes on about `--`, which nothing here needs.
    const [sentence = ""] = (error as Error).message.split(". ");
    throw new UsageError(`${sentence}; echoo ${command.name} --help shows what there is`);
  }
}
