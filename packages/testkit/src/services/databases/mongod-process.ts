import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pause, withDeadline } from "../../platform.ts";
import { freePort } from "../free-port.ts";
import { findMongod } from "../programs/find-mongod.ts";

const startDeadlineMs = 60_000;
const maxOutputChars = 32_768;
/** What mongod ends with when another program took its port in between. */
const portTakenExitCode = 48;

/** Small, quiet, and without the janitor that would delete what a test dates into the past. */
const frugal = [
  ...["--wiredTigerCacheSizeGB", "1", "--oplogSize", "64", "--bind_ip", "127.0.0.1"],
  ...["--setParameter", "diagnosticDataCollectionEnabled=false", "--setParameter", "ttlMonitorEnabled=false"],
  // For the test that wakes it.
  ...["--setParameter", "ttlMonitorSleepSecs=1"],
];

/** A mongod of one test, on a free port of this machine and with data of its own. */
export class MongodProcess {
  readonly #folder: string;
  readonly #replicaSet: string;
  #port: number;
  #child: ChildProcess | undefined;
  #ended: Promise<number | null> = Promise.resolve(null);
  #output = "";

  static async start(replicaSet: string): Promise<MongodProcess> {
    const folder = await mkdtemp(join(tmpdir(), "echoo-mongod-"));
    for (let tries = 1; ; tries++) {
      const node = new MongodProcess(folder, replicaSet, await freePort());
      if (await node.#listens()) return node;
      if (tries === 5) throw new Error("mongod found its port taken five times");
    }
  }

  private constructor(folder: string, replicaSet: string, port: number) {
    this.#folder = folder;
    this.#replicaSet = replicaSet;
    this.#port = port;
  }

  get address(): string {
    return `127.0.0.1:${this.#port}`;
  }

  get pid(): number {
    const pid = this.#child?.pid;
    if (pid === undefined) throw new Error("mongod is not running");
    return pid;
  }

  /** It neither answers nor refuses, until it is thawed. Its threads stop one by one, on a busy machine after a while: all have then. */
  async freeze(): Promise<void> {
    process.kill(this.pid, "SIGSTOP");
    await withDeadline(allStopped(this.pid), startDeadlineMs, () => "mongod goes on after SIGSTOP");
  }

  thaw(): void {
    process.kill(this.pid, "SIGCONT");
  }

  /** Ends it as a power cut would, and waits for that. The data stays. */
  async kill(): Promise<void> {
    this.#child?.kill("SIGKILL");
    await withDeadline(this.#ended, startDeadlineMs, () => "mongod outlived SIGKILL");
  }

  /** Starts it again, with the same port and data. */
  async startAgain(): Promise<void> {
    if (!(await this.#listens())) throw new Error(`mongod's port ${this.#port} was taken while it was away`);
  }

  /** Ends it for good and removes its data. */
  async stop(): Promise<void> {
    await this.kill();
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** Tells false when the port is taken. */
  async #listens(): Promise<boolean> {
    const path = findMongod();
    if (path === undefined) throw new Error("There is no mongod: ask requireService first.");
    const place = ["--dbpath", this.#folder, "--port", String(this.#port), "--unixSocketPrefix", this.#folder];
    const child = spawn(path, [...place, "--replSet", this.#replicaSet, ...frugal], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    this.#child = child;
    running.add(child);
    this.#ended = new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("exit", (code) => {
        running.delete(child);
        this.#child = undefined;
        resolve(code);
      });
    });
    const outcome = await withDeadline(
      Promise.race([this.#waiting(child), this.#ended]),
      startDeadlineMs,
      () => `mongod did not start:\n${this.#output}`,
    );
    if (outcome === "listening") return true;
    if (outcome === portTakenExitCode) return false;
    throw new Error(`mongod ended with code ${outcome}:\n${this.#output}`);
  }

  #waiting(child: ChildProcess): Promise<"listening"> {
    this.#output = "";
    return new Promise((resolve) => {
      child.stdout?.on("data", (chunk: Buffer) => {
        this.#output = (this.#output + String(chunk)).slice(-maxOutputChars);
        if (this.#output.includes('"Waiting for connections"')) resolve("listening");
      });
    });
  }
}

/** Where the system tells of threads, as Linux does. */
async function allStopped(pid: number): Promise<void> {
  const tasks = `/proc/${pid}/task`;
  const goesOn = (task: string) => {
    try {
      return !/\) [Tt] /.test(readFileSync(`${tasks}/${task}/stat`, "utf8"));
    } catch {
      // A thread that has ended since.
      return false;
    }
  };
  while (existsSync(tasks) && readdirSync(tasks).some(goesOn)) await pause();
}

/** A test file that ends early takes its databases with it. */
const running = new Set<ChildProcess>();
process.once("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});
