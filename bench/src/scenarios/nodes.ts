import { setTimeout as delay } from "node:timers/promises";
import { RedisProcess, requireService, startMongoSet } from "@echoo/testkit";
import { wholeCall } from "../load/call.ts";
import { crowd, cutAll, inParallel } from "../load/crowd.ts";
import type { User } from "../load/user.ts";
import { barChart } from "../report/chart.ts";
import type { Report } from "../report/report.ts";
import { figureText } from "../report/verdict.ts";
import { MeasuredServer } from "../servers/measured-server.ts";
import { cpuMsOf } from "../servers/process-facts.ts";
import { difference, type RedisFigures, redisFigures } from "../servers/redis-figures.ts";
import { type Context, measuredEchoo, type Scenario, serverOptions, versionsOf } from "./scenario.ts";

export interface NodesSize {
  /** Pairs that call without a pause, one call after another. */
  readonly pairs: number;
  readonly callsEach: number;
}

export const nodesSize: NodesSize = { pairs: 20, callsEach: 50 };

const secret = "the same secret on every node of the bench";
/** A Redis gives no locks for the first five seconds. */
const settlingMs = 6_000;
/** For so long it is watched what nodes do that have nothing to do. */
const idleMs = 3_000;

const arrangements = {
  single: "one node, without Redis",
  within: "two nodes, both sides at one",
  across: "two nodes, a side at each",
} as const;
type Arrangement = keyof typeof arrangements;

interface Round {
  readonly cpuUs: number;
  /** Of a call; without what nodes do all the time. */
  readonly redis: RedisFigures;
}

interface System {
  readonly servers: readonly MeasuredServer[];
  readonly callers: readonly User[];
  readonly callees: readonly User[];
}

/** Whole calls on one node and on two: what it costs that calls outlive a node. */
export const nodes: Scenario<NodesSize> = async (context, size) => {
  const missing = requireService("mongod") || requireService("valkey");
  if (missing !== false) throw new Error(missing);
  const mongodb = await startMongoSet({ nodes: 1 });
  const valkey = await RedisProcess.start("valkey", { tcp: true });
  const started: MeasuredServer[] = [];
  const start = async (name: string, env: Readonly<Record<string, string>>) => {
    const subject = measuredEchoo(context, { MONGODB_URI: mongodb.uri, ECHOO_SECRET: secret, ...env }, name);
    const server = await MeasuredServer.start(subject, serverOptions(context));
    started.push(server);
    return server;
  };
  try {
    const single = await start("Echoo", { ECHOO_DB: "single" });
    // A node that is busy with what is measured is not to be taken for dead.
    const several = { ECHOO_DB: "several", REDIS_URL: valkey.url, ECHOO_NODE_LOST_MS: "14000" };
    const one = await start("Echoo, node one", { ...several, ECHOO_NODE_ID: "one" });
    const two = await start("Echoo, node two", { ...several, ECHOO_NODE_ID: "two" });
    await delay(settlingMs);
    const { pairs } = size;
    const users = await Promise.all([crowd(single, 2 * pairs), crowd(one, 3 * pairs, 5_000), crowd(two, pairs, 9_000)]);
    const [alone, atOne, atTwo] = users;
    const systems: Readonly<Record<Arrangement, System>> = {
      single: { servers: [single], callers: alone.slice(0, pairs), callees: alone.slice(pairs) },
      within: { servers: [one, two], callers: atOne.slice(0, pairs), callees: atOne.slice(pairs, 2 * pairs) },
      across: { servers: [one, two], callers: atOne.slice(2 * pairs), callees: atTwo },
    };
    const rounds: Record<Arrangement, Round[]> = { single: [], within: [], across: [] };
    for (let round = 0; round < context.rounds; round += 1) {
      for (const name of Object.keys(arrangements) as Arrangement[]) {
        rounds[name].push(await measured(systems[name], size, valkey.socket));
      }
    }
    for (const crowded of users) cutAll(crowded);
    return reportOf(context, rounds, versionsOf([single.subject]));
  } finally {
    for (const server of started) await server.stop();
    await valkey.stop();
    await mongodb.stop();
  }
};

async function measured({ servers, callers, callees }: System, size: NodesSize, redis: string): Promise<Round> {
  const pairs = callers.map((caller, at) => [caller, callees[at] as User] as const);
  const cpuMs = () => servers.reduce((sum, { pid }) => sum + cpuMsOf(pid), 0);
  const idleBefore = await redisFigures(redis);
  await delay(idleMs);
  const idle = difference(await redisFigures(redis), idleBefore);
  const [cpuBefore, redisBefore, startMs] = [cpuMs(), await redisFigures(redis), performance.now()];
  await inParallel(pairs, size.pairs, async ([caller, callee]) => {
    for (let done = 0; done < size.callsEach; done += 1) await wholeCall(caller, callee);
  });
  for (const server of servers) await server.quiet();
  const idles = (performance.now() - startMs) / idleMs;
  const all = difference(await redisFigures(redis), redisBefore);
  const calls = size.pairs * size.callsEach;
  const ofCall = (name: keyof RedisFigures) => Math.max(0, all[name] - idle[name] * idles) / calls;
  return {
    cpuUs: ((cpuMs() - cpuBefore) * 1000) / calls,
    redis: {
      ...{
        commands: ofCall("commands"),
        scripts: ofCall("scripts"),
        inputBytes: ofCall("inputBytes"),
        outputBytes: ofCall("outputBytes"),
      },
      cpuMs: ofCall("cpuMs"),
    },
  };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN;
}

function reportOf(
  { rounds }: Context,
  all: Readonly<Record<Arrangement, readonly Round[]>>,
  versions: Record<string, string>,
): Report {
  const cpuUs = (name: Arrangement) => median(all[name].map((round) => round.cpuUs));
  const redis = (name: Arrangement, figure: keyof RedisFigures) =>
    median(all[name].map((round) => round.redis[figure]));
  const ratio = (name: Arrangement) => cpuUs(name) / cpuUs("single");
  const names = Object.keys(arrangements) as Arrangement[];
  const kb = (bytes: number) => `${figureText(bytes / 1000)} kB`;
  const several = (name: Arrangement, text: string) => (name === "single" ? "" : text);
  return {
    name: "nodes",
    title: "Several nodes",
    method: [
      "Whole calls, as in [calls](calls.md), all on one MongoDB. CPU is that of all nodes together, which do what nodes do all the time besides; what Redis does for that is taken off its figures, as it was watched before each measurement.",
      `Medians of ${rounds} rounds that alternate between the arrangements.`,
    ],
    columns: [
      "arrangement",
      "CPU a call",
      "ratio",
      "scripts of Redis",
      "commands in all",
      "bytes to Redis",
      "bytes from Redis",
      "CPU of Redis",
    ],
    rows: names.map((name) => [
      arrangements[name],
      `${figureText(cpuUs(name))} µs`,
      figureText(ratio(name)),
      several(name, figureText(redis(name, "scripts"))),
      several(name, figureText(redis(name, "commands"))),
      several(name, kb(redis(name, "inputBytes"))),
      several(name, kb(redis(name, "outputBytes"))),
      several(name, `${figureText(redis(name, "cpuMs") * 1000)} µs`),
    ]),
    verdicts: [
      { what: "CPU a call, within", figure: ratio("within"), limit: 1.6, unit: " ×" },
      { what: "CPU a call, across", figure: ratio("across"), limit: 3, unit: " ×" },
    ],
    charts: [
      barChart(
        "CPU a whole call, all nodes",
        " µs",
        names.map((name) => [arrangements[name], cpuUs(name)]),
      ),
    ],
    versions,
    data: all,
  };
}
