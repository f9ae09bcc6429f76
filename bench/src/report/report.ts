import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Chart, drawChart } from "./chart.ts";
import { commit, machine } from "./machine.ts";
import { figureText, type Verdict, verdictText } from "./verdict.ts";

const committed = fileURLToPath(new URL("../../report/", import.meta.url));

/** What one scenario found out. */
export interface Report {
  /** Names the files. */
  readonly name: string;
  readonly title: string;
  /** How it was measured, a paragraph each. */
  readonly method: readonly string[];
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly verdicts: readonly Verdict[];
  readonly charts?: readonly Chart[];
  /** Versions of what was measured, besides Node's. */
  readonly versions: Readonly<Record<string, string>>;
  /** The figures themselves. */
  readonly data: unknown;
}

/** What is kept of a report beside its page. */
interface Kept {
  readonly title: string;
  readonly machine: string;
  readonly commit: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly verdicts: readonly Verdict[];
  readonly data: unknown;
}

/** Writes the page, the graphs and the figures, and renews the page of all budgets; says the page. */
export function writeReport(report: Report, folder = committed, say: (line: string) => void = () => {}): void {
  mkdirSync(folder, { recursive: true });
  const { name, title, versions, verdicts, data } = report;
  const charts = (report.charts ?? []).map((chart, i) => ({ chart, file: `${name}-${i + 1}.svg` }));
  for (const { chart, file } of charts) writeFileSync(join(folder, file), drawChart(chart));
  const pictures = charts.map(({ chart, file }) => `![${chart.title}](${file})`);
  const text = pageOf(report, pictures);
  writeFileSync(join(folder, `${name}.md`), text);
  const kept: Kept = { title, machine: machine(), commit: commit(), versions, verdicts, data };
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(kept, null, 2)}\n`);
  writeFileSync(join(folder, "budgets.md"), budgetsPage(folder));
  say(text);
}

function pageOf(report: Report, pictures: readonly string[]): string {
  const versions = Object.entries(report.versions).map(([name, version]) => `${name} ${version}`);
  const measured = [`Node ${process.versions.node}`, ...versions, `commit ${commit()}`].join(", ");
  return [
    `# ${report.title}`,
    "",
    ...report.method.flatMap((paragraph) => [paragraph, ""]),
    `${machine()}; ${measured}. Written by \`npm run bench -- ${report.name}\`.`,
    "",
    ...table(report.columns, report.rows),
    "",
    ...pictures.flatMap((picture) => [picture, ""]),
    ...(report.verdicts.length === 0
      ? []
      : [...table(["budget", "measured", "at most", ""], budgetRows(report.verdicts)), ""]),
  ].join("\n");
}

/** Every budget of every report in the folder. */
function budgetsPage(folder: string): string {
  const files = readdirSync(folder).filter((file) => file.endsWith(".json"));
  const reports = files.sort().map((file) => {
    const kept = JSON.parse(readFileSync(join(folder, file), "utf8")) as Kept;
    return { ...kept, page: `${file.slice(0, -".json".length)}.md` };
  });
  return [
    "# Budgets",
    "",
    "What each scenario found when it last ran, beside what it may cost. Written by `npm run bench`.",
    "",
    ...table(
      ["scenario", "budget", "measured", "at most", "", "commit"],
      reports.flatMap(({ title, page, commit, verdicts }) =>
        budgetRows(verdicts).map((cells) => [`[${title}](${page})`, ...cells, commit]),
      ),
    ),
    "",
  ].join("\n");
}

function budgetRows(verdicts: readonly Verdict[]): string[][] {
  return verdicts.map((verdict) => {
    const { what, figure, limit, unit } = verdict;
    return [what, `${figureText(figure)}${unit}`, `${limit}${unit}`, verdictText(verdict)];
  });
}

function table(columns: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(columns), line(columns.map(() => "---")), ...rows.map(line)];
}
