import { flagOf, type Setting } from "./setting.ts";
import { settings } from "./settings.ts";

/** The reference page of all settings, in Markdown. `npm run generate` writes it; a test fails when it differs. */
export function renderSettingsReference(): string {
  const rows: readonly Setting<unknown>[] = Object.values(settings);
  const groups = [...new Set(rows.map((row) => row.group))];
  return [
    "# Settings",
    "",
    "Each is an environment variable, or a flag of the command line, which wins. They are read once, at the start;",
    "all that is wrong is said at once. This page is generated from `packages/server/src/config/settings.ts`.",
    "",
    ...groups.flatMap((group) => renderGroup(group, rows)),
  ].join("\n");
}

function renderGroup(group: string, rows: readonly Setting<unknown>[]): string[] {
  const members = rows.filter((row) => row.group === group).map(renderRow);
  return [`## ${group}`, "", "| setting | value | default | |", "|---|---|---|---|", ...members, ""];
}

function renderRow(row: Setting<unknown>): string {
  const cells = [`\`${row.name}\`<br>\`${flagOf(row.name)}\``, row.kind.must, defaultText(row), row.doc];
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

function defaultText(row: Setting<unknown>): string {
  const value = row.byDefault(false);
  return row.defaultText ?? (value === undefined ? "none" : `\`${String(value)}\``);
}
