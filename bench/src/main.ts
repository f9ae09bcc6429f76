// `npm run bench`: measures, and writes what came out to bench/report/.
import { parseArgs } from "node:util";
import { historyBench } from "./history/history-bench.ts";
import { writeReport } from "./report.ts";

const help = `npm run bench -- [options]

  Measures on this machine and writes tables to bench/report/. Every budget is a ratio of two
  things measured alternately in one run. Let nothing else run meanwhile.

  --stores sqlite,mongodb   where history is kept; both where a mongod is there
  --calls 1000000           calls in the large installation
  --own 10000               of them of the one user whose history is read
  --rounds 5                rounds; the table has the medians
  --requests 300            to either installation, in each round
  --report DIR              another folder for the tables
`;

const { values } = parseArgs({
  options: {
    help: { type: "boolean", short: "h" },
    stores: { type: "string" },
    calls: { type: "string", default: "1000000" },
    own: { type: "string", default: "10000" },
    rounds: { type: "string", default: "5" },
    requests: { type: "string", default: "300" },
    report: { type: "string" },
  },
});

if (values.help) {
  process.stdout.write(help);
} else {
  const say = (line: string) => void process.stderr.write(`${line}\n`);
  const report = await historyBench({
    stores: values.stores?.split(","),
    calls: count("calls", values.calls),
    own: count("own", values.own),
    rounds: count("rounds", values.rounds),
    requests: count("requests", values.requests),
    say,
  });
  writeReport(report, values.report, say);
  if (report.missed.length > 0) {
    for (const line of report.missed) say(`over budget: ${line}`);
    process.exitCode = 1;
  }
}

function count(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new Error(`--${name} must be a whole number from 1 on`);
  return value;
}
