import type { Command } from "./command.ts";
import { findCommand } from "./run-command.ts";

const flags: readonly string[] = ["--help", "-h"];

/**
 * The page of help that the arguments ask for, however that is put: `--help`, `-h` or `help`, before or after the name of
 * a command, or of several with the same first word. Undefined where they ask for none, or for that of nothing there is.
 */
export function findHelp(
  commands: readonly Command[],
  argv: readonly string[],
  general: () => string,
): string | undefined {
  const topic = topicOf(commands, argv);
  if (topic === undefined) return undefined;
  const [first] = topic;
  if (first === undefined || first === "start" || first.startsWith("-")) return general();
  const found = findCommand(commands, topic);
  if (found !== undefined) return commandHelp(found.command);
  const family = familyOf(commands, first);
  return family.length > 0 ? familyHelp(family) : undefined;
}

/** Commands of two words that begin with this one. */
function familyOf(commands: readonly Command[], first: string): readonly Command[] {
  return commands.filter(({ name }) => name.startsWith(`${first} `));
}

/** What is asked about: the words beside the one that asks. */
function topicOf(commands: readonly Command[], argv: readonly string[]): readonly string[] | undefined {
  const [first = "", second = ""] = argv;
  if (first === "help") return argv.slice(1).filter((word) => !flags.includes(word));
  if (argv.some((word) => flags.includes(word))) return argv.filter((word) => !flags.includes(word));
  const [afterName] = findCommand(commands, argv)?.rest ?? [];
  const isAsked =
    afterName === "help" || (second === "help" && (first === "start" || familyOf(commands, first).length > 0));
  return isAsked ? argv : undefined;
}

function familyHelp(family: readonly Command[]): string {
  const each = family.flatMap((command) => [usageOf(command), "", `  ${command.summary}`, ""]);
  return [...each, "  Each explains itself with --help."].join("\n");
}

function commandHelp(command: Command): string {
  return [
    usageOf(command),
    "",
    `  ${command.summary}`,
    ...(command.details === undefined ? [] : ["", ...command.details.map((line) => `  ${line}`)]),
    "",
    "  Settings are flags here too: echoo --help lists them. In a checkout the command is npx echoo.",
  ].join("\n");
}

function usageOf({ name, usage }: Command): string {
  return ["echoo", name, usage].filter((part) => part !== "").join(" ");
}
