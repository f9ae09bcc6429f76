import type { Command } from "../commands/command.ts";
import { flagOf, type Setting } from "../config/setting.ts";
import { settings } from "../config/settings.ts";

const lineChars = 100;

/** What `--help` prints: every command, and every setting as the table of settings has it. */
export function helpText(version: string, commands: readonly Command[]): string {
  const rows: readonly Setting<unknown>[] = Object.values(settings);
  const groups = [...new Set(rows.map((row) => row.group))];
  return [
    `Echoo ${version}: a backend for one-to-one WebRTC calls.`,
    "",
    "The command is echoo; within a checkout, npx echoo. (echo is the number that always answers, and",
    "npx echo runs your system's echo, which is none of this.)",
    "",
    "Commands:",
    "",
    "  echoo [start]",
    ...wrapped("Serves; npm start in a checkout does this.", "      "),
    ...commands.flatMap(({ name, usage, summary }) => [
      `  echoo ${name} ${usage}`.trimEnd(),
      ...wrapped(summary, "      "),
    ]),
    "",
    "  --help       this page; after a command, that command's. -h and help do the same",
    "  --version    the version",
    "",
    "Each setting below is an environment variable, or a flag, which wins: PORT=8080 or --port 8080.",
    ...groups.flatMap((group) => ["", `${group}:`, ...rows.filter((row) => row.group === group).flatMap(describe)]),
    "",
  ].join("\n");
}

function describe(row: Setting<unknown>): string[] {
  const value = row.byDefault(false);
  const byDefault = row.defaultText ?? (value === undefined ? "none" : String(value));
  // Anything from the environment is text.
  const must = row.kind.must === "text" ? "" : ` Must be ${row.kind.must}.`;
  const text = `${row.doc}${must} Default: ${byDefault}.`.replaceAll("`", "");
  return [`  ${row.name}, ${flagOf(row.name)}`, ...wrapped(text, "      ")];
}

function wrapped(text: string, indent: string): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && indent.length + line.length + 1 + word.length > lineChars) {
      lines.push(indent + line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return [...lines, indent + line];
}
