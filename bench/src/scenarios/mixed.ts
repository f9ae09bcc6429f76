import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { arrive, Pool } from "../load/arrivals.ts";
import { LoadCall } from "../load/call.ts";
import { crowd, cutAll, pairs } from "../load/crowd.ts";
import { Latencies } from "../load/latencies.ts";
import { signIn } from "../load/sign-in.ts";
import type { User } from "../load/user.ts";
import { lineChart } from "../report/chart.ts";
import { figureText } from "../report/verdict.ts";
import type { MeasuredServer } from "../servers/measured-server.ts";
import { openFilesOf } from "../servers/process-facts.ts";
import { measuredEchoo, type Scenario, versionsOf, withServer } from "./scenario.ts";

export interface MixedSize {
  readonly users: number;
  readonly minutes: number;
  readonly callsPerSec: number;
  readonly talkMs: number;
  readonly reconnectsPerSec: number;
  readonly readsPerSec: number;
  /** How often the server is looked at. */
  readonly lookSec: number;
}

export const mixedSize: Omit<MixedSize, "minutes"> = {
  ...{ users: 2_000, callsPerSec: 20, talkMs: 4_000, reconnectsPerSec: 20, readsPerSec: 5, lookSec: 5 },
};

/** What must not grow, at one moment. */
interface Look {
  readonly sec: number;
  readonly heapMib: number;
  readonly rssMib: number;
  readonly openFiles: number;
  readonly resources: number;
  readonly folderMib: number;
}

/** A day in short: people call, talk, write and are measured, come and go, and read their history. */
export const mixed: Scenario<MixedSize> = async (context, size) => {
  const subject = measuredEchoo(context);
  const { looks, setUp, corePercent } = await withServer(context, subject, (server) => day(server, size));
  const settled = looks.slice(Math.floor(looks.length / 3));
  const growth = (pick: (look: Look) => number) => pick(settled.at(-1) as Look) / pick(settled[0] as Look);
  return {
    name: "mixed",
    title: "A mixed day",
    method: [
      `${size.users} users for ${size.minutes} min: ${size.callsPerSec} calls a second of ${size.talkMs / 1000} s each, with candidates, chat and samples of both sides; ${size.reconnectsPerSec} sockets a second that are cut and come back; ${size.readsPerSec} pages of history a second. Every ${size.lookSec} s the server is looked at, memory after a collection. With \`--minutes 15\` it is a soak.`,
      "What must not grow is compared between the end and the end of the first third, when caches are full.",
    ],
    columns: ["after", "heap", "memory", "open files", "resources", "folder"],
    rows: looks.map(({ sec, heapMib, rssMib, openFiles, resources, folderMib }) => [
      `${Math.round(sec)} s`,
      `${figureText(heapMib)} MiB`,
      `${figureText(rssMib)} MiB`,
      String(openFiles),
      String(resources),
      `${figureText(folderMib)} MiB`,
    ]),
    verdicts: [
      { what: "heap, the end against a third", figure: growth(({ heapMib }) => heapMib), limit: 1.1, unit: " ×" },
      { what: "open files, the end against a third", figure: growth((l) => l.openFiles), limit: 1.05, unit: " ×" },
      {
        what: "timers and sockets, the end against a third",
        figure: growth((l) => l.resources),
        limit: 1.1,
        unit: " ×",
      },
      { what: "p99 of set-up", figure: setUp.at(99), limit: 250, unit: " ms" },
    ],
    charts: [
      lineChart("Heap over the day", " MiB", "s", [
        { label: "Echoo", points: looks.map(({ sec, heapMib }) => [sec, heapMib] as const) },
      ]),
    ],
    versions: versionsOf([subject]),
    data: { corePercent, setUpP50Ms: setUp.at(50), setUpP99Ms: setUp.at(99), calls: setUp.count, looks },
  };
};

async function day(server: MeasuredServer, size: MixedSize) {
  const users = await crowd(server, size.users);
  const half = Math.floor(size.users / 2);
  const talkers = new Pool(pairs(users.slice(0, half)));
  const idlers = new Pool(users.slice(half));
  const setUp = new Latencies();
  const looks: Look[] = [];
  const faults: unknown[] = [];
  const fault = (error: unknown) => void faults.push(error);
  const token = await signIn(`http://127.0.0.1:${server.port}`, (users[0] as User).id);
  const seconds = size.minutes * 60;
  const { cpuMs, wallMs } = await server.measure("day", async () => {
    const looking = lookOften(server, seconds, size.lookSec, looks);
    await Promise.all([
      arrive(size.callsPerSec, seconds, () => talkers.use((pair) => talk(pair, size.talkMs, setUp), fault)),
      arrive(size.reconnectsPerSec, seconds, () => idlers.use(cutAndJoin, fault)),
      arrive(size.readsPerSec, seconds, () => void readHistory(server, users[0] as User, token).catch(fault)),
      looking,
    ]);
    await Promise.all([talkers.idle(), idlers.idle()]);
  });
  cutAll(users);
  if (faults.length > 0) throw faults[0];
  return { looks, setUp, corePercent: (cpuMs / wallMs) * 100 };
}

async function talk([caller, callee]: readonly [User, User], talkMs: number, setUp: Latencies): Promise<void> {
  const call = new LoadCall(caller, callee);
  setUp.add(await call.setUp());
  await call.exchange(1);
  call.connected();
  await call.chat("Can you hear me?");
  for (const side of [caller, callee]) call.report(side);
  await delay(talkMs);
  for (const side of [caller, callee]) call.report(side);
  await call.hangUp();
}

async function cutAndJoin(user: User): Promise<void> {
  user.cut();
  await user.join();
}

async function readHistory(server: MeasuredServer, { id }: User, token: string): Promise<void> {
  const headers = { authorization: `Bearer ${token}` };
  const reply = await fetch(`http://127.0.0.1:${server.port}/api/calls/${id}?limit=50`, { headers });
  if (!reply.ok) throw new Error(`a page of history: ${reply.status} ${await reply.text()}`);
  await reply.json();
}

async function lookOften(server: MeasuredServer, seconds: number, everySec: number, looks: Look[]): Promise<void> {
  const startMs = performance.now();
  for (let sec = 0; sec < seconds; sec = (performance.now() - startMs) / 1000) {
    await delay(everySec * 1000);
    const { heapUsed, rss, resources } = await server.probe.memory();
    looks.push({
      sec: (performance.now() - startMs) / 1000,
      heapMib: heapUsed / 2 ** 20,
      rssMib: rss / 2 ** 20,
      openFiles: openFilesOf(server.pid),
      resources,
      folderMib: bytesIn(server.folder) / 2 ** 20,
    });
  }
}

function bytesIn(folder: string): number {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return files.reduce((sum, file) => sum + (statSync(join(folder, file), { throwIfNoEntry: false })?.size ?? 0), 0);
}
