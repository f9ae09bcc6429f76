import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { withDeadline } from "../../platform.ts";
import { freePort } from "../free-port.ts";
import { findRedis, type RedisKind } from "../programs/find-redis.ts";

const startDeadlineMs = 30_000;

/** A Redis or Valkey of one test, on a socket in a folder of its own. */
export class RedisProcess {
  readonly #path: string;
  readonly #folder: string;
  /** 0 where it listens on its socket alone. */
  readonly #port: number;
  #child: ChildProcess | undefined;
  #ended: Promise<unknown> = Promise.resolve();

  /** `tcp`: also on a port of this machine, for processes that are given an address. */
  static async start(kind: RedisKind, { tcp = false } = {}): Promise<RedisProcess> {
    const path = findRedis(kind);
    if (path === undefined) throw new Error(`There is no ${kind}-server: ask requireService first.`);
    const folder = await mkdtemp(join(tmpdir(), `echoo-${kind}-`));
    const server = new RedisProcess(path, folder, tcp ? await freePort() : 0);
    await server.startAgain();
    return server;
  }

  private constructor(path: string, folder: string, port: number) {
    this.#path = path;
    this.#folder = folder;
    this.#port = port;
  }

  /** Where it was started with a port. */
  get url(): string {
    return `redis://127.0.0.1:${this.#port}`;
  }

  get socket(): string {
    return join(this.#folder, "socket");
  }

  /** It neither answers nor refuses, until it is thawed. */
  freeze(): void {
    this.#child?.kill("SIGSTOP");
  }

  thaw(): void {
    this.#child?.kill("SIGCONT");
  }

  /** Starts it with the data that is on its disk. */
  async startAgain(): Promise<void> {
    const place = [
      "--port",
      String(this.#port),
      "--bind",
      "127.0.0.1",
      "--unixsocket",
      this.socket,
      "--dir",
      this.#folder,
      "--daemonize",
      "no",
    ];
    const keeping = ["--save", "", "--appendonly", "yes", "--appendfsync", "everysec", "--enable-debug-command", "yes"];
    const child = spawn(this.#path, [...place, ...keeping], { stdio: ["ignore", "pipe", "ignore"] });
    this.#child = child;
    running.add(child);
    this.#ended = new Promise<void>((resolve) => {
      child.once("exit", () => {
        running.delete(child);
        resolve();
      });
      child.once("error", () => resolve());
    });
    let output = "";
    const listens = new Promise<"listening">((resolve) => {
      child.stdout?.on("data", (chunk: Buffer) => {
        output = (output + String(chunk)).slice(-8_192);
        if (output.includes("eady to accept connections")) resolve("listening");
      });
    });
    const outcome = await withDeadline(
      Promise.race([listens, this.#ended]),
      startDeadlineMs,
      () => `${this.#path} did not start:\n${output}`,
    );
    if (outcome !== "listening") throw new Error(`${this.#path} ended at once:\n${output}`);
  }

  /** Takes away what it has kept on its disk: while it does not run. */
  async losesData(): Promise<void> {
    for (const name of await readdir(this.#folder))
      await rm(join(this.#folder, name), { recursive: true, force: true });
  }

  /** Ends it as a power cut would, and waits for that. */
  async kill(): Promise<void> {
    this.#child?.kill("SIGKILL");
    await withDeadline(this.#ended, startDeadlineMs, () => `${this.#path} outlived SIGKILL`);
  }

  /** Ends it for good and removes its data. */
  async stop(): Promise<void> {
    await this.kill();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** A test file that ends early takes its servers with it. */
const running = new Set<ChildProcess>();
process.once("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});
