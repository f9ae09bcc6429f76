import { type ChildProcess, fork } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type RedisProcess, realClock, seededRandom } from "@echoo/testkit";
import { openRedis } from "../../src/redis/open-redis.ts";
import { RedisScripts } from "../../src/redis/redis-scripts.ts";
import { type ClientTask, nodeOfClient, users } from "./lock-client.ts";
import type { ProcessOrder } from "./lock-process.ts";

const program = fileURLToPath(new URL("lock-process.ts", import.meta.url));
const processes = 3;
const clientsPerProcess = 2;
const stepsPerClient = 24;

/** Faults that lose no data; each history has one. */
export const faults = [
  "none",
  "cuts",
  "redisFrozen",
  "redisRestarted",
  "nodeKilled",
  "nodeFrozen",
  "nodeTakenForDead",
] as const;
export type Fault = (typeof faults)[number];

export interface History {
  readonly name: string;
  readonly ops: readonly object[];
}

/** Real processes whose nodes share a real Redis, and the histories that they make. */
export class LockHistories {
  readonly #server: RedisProcess;
  readonly #folder: string;
  readonly #children: ChildProcess[] = [];

  constructor(server: RedisProcess, folder: string) {
    this.#server = server;
    this.#folder = folder;
  }

  async start(): Promise<void> {
    for (let at = 0; at < processes; at += 1) this.#children.push(await this.#spawn());
  }

  stop(): void {
    for (const child of this.#children) child.kill("SIGKILL");
  }

  async make(seed: number, fault: Fault): Promise<History> {
    const name = `${fault}-${seed}`;
    const prefix = `${name}:`;
    await this.#prepare(prefix);
    const random = seededRandom(seed);
    const files: string[] = [];
    const task = (client: number, formers: readonly string[]): ClientTask => {
      const file = join(this.#folder, `${name}-${client}`);
      files.push(file);
      const clientSeed = seed * 100 + client;
      const cuts = fault === "cuts";
      return {
        ...{ client, prefix, file, formers, cuts, seed: clientSeed },
        socket: this.#server.socket,
        steps: stepsPerClient,
      };
    };
    const run = (at: number, clients: readonly number[], formers: readonly string[] = []) =>
      this.#order(at, { run: clients.map((client, index) => task(client, index === 0 ? formers : [])) }, "done");
    const clientsOf = (at: number) => Array.from({ length: clientsPerProcess }, (_, n) => at * clientsPerProcess + n);
    const runs = Array.from({ length: processes }, (_, at) => run(at, clientsOf(at)));
    // Some of the steps are taken by then.
    await pass(3 + random() * 12);
    const victims = clientsOf(0).map(nodeOfClient);
    switch (fault) {
      case "none":
      case "cuts":
        break;
      case "redisFrozen":
        this.#server.freeze();
        await pass(20 + random() * 60);
        this.#server.thaw();
        break;
      case "redisRestarted":
        await this.#server.kill();
        await this.#server.startAgain();
        break;
      case "nodeKilled": {
        this.#children[0]?.kill("SIGKILL");
        this.#children[0] = await this.#spawn();
        // The next boot knows that the former one is no more.
        runs[0] = run(0, clientsOf(processes), victims);
        break;
      }
      case "nodeFrozen":
        this.#children[0]?.kill("SIGSTOP");
        await pass(20 + random() * 60);
        this.#children[0]?.kill("SIGCONT");
        break;
      case "nodeTakenForDead":
        this.#children[0]?.kill("SIGSTOP");
        await this.#order(1, { takeOver: victims }, "taken over");
        this.#children[0]?.kill("SIGCONT");
        break;
    }
    await Promise.all(runs);
    return { name, ops: files.filter((file) => existsSync(file)).flatMap(opsIn) };
  }

  /** An era that has settled, and every user on a node that takes no part. */
  async #prepare(prefix: string): Promise<void> {
    const { command, close } = await openRedis({ socket: this.#server.socket }, () => {});
    const scripts = new RedisScripts(prefix, command);
    await scripts.hello("keeper", { runId: "run", lastRead: "0-0", secret: "s", config: "c" });
    await command(["HSET", `${prefix}era`, "sinceMs", "0"]);
    for (let user = 0; user < users; user += 1) {
      await scripts.join("keeper", { user: `u${user}`, session: `keeper.${user}`, entry: "{}" });
    }
    // What was answered is on the disk: a restart loses nothing.
    await command(["CONFIG", "SET", "appendfsync", "always"]);
    close();
  }

  async #spawn(): Promise<ChildProcess> {
    const child = fork(program, {
      execArgv: ["--conditions=source", "--import", "tsx"],
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    await said(child, "ready");
    return child;
  }

  #order(at: number, order: ProcessOrder, answer: string): Promise<void> {
    const child = this.#children[at];
    if (!child) throw new Error(`there is no process ${at}`);
    const answered = said(child, answer);
    child.send(order);
    return answered;
  }
}

/** Resolves too when the process is gone: it is not asked any more. */
function said(child: ChildProcess, what: string): Promise<void> {
  return new Promise((resolve) => {
    const over = () => {
      child.off("message", hear);
      child.off("exit", over);
      resolve();
    };
    const hear = (message: unknown) => {
      if (message === what) over();
    };
    child.on("message", hear);
    child.once("exit", over);
  });
}

function pass(ms: number): Promise<void> {
  return new Promise((resolve) => void realClock.after(ms, resolve));
}

/** The steps of one client; one whose end was not written has none. */
function opsIn(file: string): object[] {
  const ops = new Map<string, object>();
  const lines = readFileSync(file, "utf8").split("\n");
  for (const line of lines) {
    if (!line.endsWith("}")) continue;
    const { o, ...rest } = JSON.parse(line) as { o: string };
    ops.set(o, { ...ops.get(o), ...rest });
  }
  return [...ops.values()];
}
