import { mkdirSync, writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const committed = fileURLToPath(new URL("../report/", import.meta.url));

/** What one bench found out. */
export interface Report {
  /** Names the files. */
  readonly name: string;
  readonly title: string;
  /** How it was measured, a paragraph each. */
  readonly method: readonly string[];
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Budgets that were not kept, in words. */
  readonly missed: readonly string[];
  /** Versions of what was measured, besides Node's. */
  readonly versions: Readonly<Record<string, string>>;
  /** The figures themselves. */
  readonly data: unknown;
}

/** Writes the table and the figures, and says the table. */
export function writeReport(report: Report, folder = committed, say: (line: string) => void = () => {}): void {
  mkdirSync(folder, { recursive: true });
  const text = markdown(report);
  writeFileSync(join(folder, `${report.name}.md`), text);
  const { data, versions } = report;
  writeFileSync(
    join(folder, `${report.name}.json`),
    `${JSON.stringify({ machine: machine(), versions, data }, null, 2)}\n`,
  );
  say(text);
}

function markdown(report: Report): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const versions = Object.entries(report.versions).map(([name, version]) => `${name} ${version}`);
  return [
    `# ${report.title}`,
    "",
    ...report.method.flatMap((paragraph) => [paragraph, ""]),
    `${machine()}; ${[`Node ${process.versions.node}`, ...versions].join(", ")}. Written by \`npm run bench\`.`,
    "",
    line(report.columns),
    line(report.columns.map(() => "---")),
    ...report.rows.map(line),
    "",
    report.missed.length === 0 ? "Every budget is kept." : `Over budget: ${report.missed.join("; ")}.`,
    "",
  ].join("\n");
}

function machine(): string {
  const all = cpus();
  const gib = Math.round(totalmem() / 2 ** 30);
  return `${all.length} × ${all[0]?.model.trim() ?? "an unknown processor"}, ${gib} GiB, ${process.platform}`;
}
