// `npm run bench`: measures, and writes what came out to bench/report/.
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { forgetProfiles, profileTo, writeProfilePage } from "./profile/profiler.ts";
import { writeReport } from "./report/report.ts";
import { figureText, isMet, verdictText } from "./report/verdict.ts";
import { scenarios, type Wishes } from "./scenarios/all-scenarios.ts";
import type { Context } from "./scenarios/scenario.ts";
import { allowOpenFiles, pinLoadTool } from "./servers/cores.ts";

const help = `npm run bench -- [scenario…] [options]

  Measures on this machine and writes tables and graphs to bench/report/. Every budget is a ratio of
  things measured alternately in one run, or a bound of its own. Let nothing else run meanwhile.

  Scenarios, all without a name: ${Object.keys(scenarios).join(" ")}

  --rounds 5                rounds; the tables have the medians
  --report DIR              another folder for the tables
  --profile                 says where Echoo's CPU time goes and what it allocates, instead of tables

  --sizes 1000,3000         sizes to grow through, in relay-growth, join, idle, presence, offers, kill and storm
  --minutes 2               how long the mixed day lasts; 15 make a soak

  history:
  --stores sqlite,mongodb   where history is kept; both where a mongod is there
  --calls 1000000           calls in the large installation
  --own 10000               of them of the one user whose history is read
  --requests 300            to either installation, in each round
`;
/** Both ends of a socket are on this machine, and a call has two. */
const openFiles = 64_000;
const committed = fileURLToPath(new URL("../report/", import.meta.url));
const say = (line: string) => void process.stderr.write(`${line}\n`);

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    help: { type: "boolean", short: "h" },
    profile: { type: "boolean" },
    rounds: { type: "string", default: "5" },
    report: { type: "string", default: committed },
    sizes: { type: "string" },
    minutes: { type: "string", default: "2" },
    stores: { type: "string" },
    calls: { type: "string", default: "1000000" },
    own: { type: "string", default: "10000" },
    requests: { type: "string", default: "300" },
  },
});

if (values.help) process.stdout.write(help);
else await run();

async function run(): Promise<void> {
  const names = positionals.length === 0 ? Object.keys(scenarios) : positionals;
  const unknown = names.find((name) => scenarios[name] === undefined);
  if (unknown !== undefined) throw new Error(`there is no scenario '${unknown}': ${Object.keys(scenarios).join(", ")}`);
  const wishes = {
    stores: values.stores?.split(","),
    calls: count("calls", values.calls),
    own: count("own", values.own),
    requests: count("requests", values.requests),
    minutes: count("minutes", values.minutes),
    sizes: values.sizes?.split(",").map((text) => count("sizes", text)),
  };
  const context: Context = {
    rounds: count("rounds", values.rounds),
    pinned: pinLoadTool(say),
    openFilesMax: allowOpenFiles(openFiles),
    from: "dist",
    say,
  };
  for (const name of names) {
    say(`${name}:`);
    if (values.profile) await profile(name, context, wishes);
    else await measure(name, context, wishes);
  }
}

async function measure(name: string, context: Context, wishes: Wishes): Promise<void> {
  const report = await scenarios[name]?.(context, wishes);
  if (report === undefined) return;
  writeReport(report, values.report, say);
  for (const verdict of report.verdicts.filter((one) => !isMet(one))) {
    say(`over budget: ${verdict.what} is ${figureText(verdict.figure)}${verdict.unit}, ${verdictText(verdict)}`);
    process.exitCode = 1;
  }
}

/** One round for the time and one for the memory: each profiler would show the other's work. */
async function profile(name: string, context: Context, wishes: Wishes): Promise<void> {
  const folder = join(values.report, "profiles");
  forgetProfiles(folder, name);
  for (const kind of ["Cpu", "Heap"] as const) {
    await scenarios[name]?.({ ...context, rounds: 1, profile: profileTo(folder, name, kind) }, wishes);
  }
  writeProfilePage(folder, name, say);
}

function count(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new Error(`--${name} must be a whole number from 1 on`);
  return value;
}
