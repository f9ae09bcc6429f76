import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { onServerCore } from "./cores.ts";
import { Probe, type ProfileKind } from "./probe.ts";
import { cpuMsOf } from "./process-facts.ts";
import type { Subject, Wire } from "./wire.ts";

const startDeadlineMs = 60_000;
const lookAgainMs = 4;
/**
 * A server that takes less than one tick of the kernel in this time has nothing left to do. Echoo waits 250 ms for a quiet
 * moment to copy its logs, which is a part of what the work before cost, and not of what comes next.
 */
const quietMs = 300;
const quietDeadlineMs = 15_000;
const foreignSettings = /^(ECHOO_|TURN_|TLS_|MONGO|REDIS_|DATABASE_|PORT$|HOST$|NODE_ENV$|NODE_OPTIONS$|NODE_TEST_)/;

export interface Cost<T> {
  readonly cpuMs: number;
  readonly wallMs: number;
  readonly value: T;
}

/** Where profiles of what is measured go. */
export interface ProfileTo {
  readonly kind: ProfileKind;
  file(label: string): string;
}

export interface MeasuredServerOptions {
  readonly pinned: boolean;
  readonly profile?: ProfileTo | undefined;
}

/** A server as a process of its own, whose costs the kernel tells. */
export class MeasuredServer {
  readonly subject: Subject;
  readonly port: number;
  readonly folder: string;
  readonly secure: boolean;
  readonly #options: MeasuredServerOptions;
  #firstStartMs = 0;
  #child: ChildProcess | undefined;
  #probe: Probe | undefined;

  private constructor(subject: Subject, port: number, options: MeasuredServerOptions) {
    this.subject = subject;
    this.port = port;
    this.secure = subject.secure ?? false;
    this.#options = options;
    this.folder = mkdtempSync(join(tmpdir(), "echoo-bench-"));
  }

  /** Starts it on a free port and waits until it listens. */
  static async start(subject: Subject, options: MeasuredServerOptions): Promise<MeasuredServer> {
    const server = new MeasuredServer(subject, await freePort(), options);
    try {
      server.#firstStartMs = await server.launch();
    } catch (error) {
      await server.stop();
      throw error;
    }
    return server;
  }

  /** How long it took to listen for the first time, in milliseconds. */
  get firstStartMs(): number {
    return this.#firstStartMs;
  }

  get wire(): Wire {
    return this.subject.wire;
  }

  get pid(): number {
    const pid = this.#child?.pid;
    if (pid === undefined) throw new Error(`${this.subject.name} is not running`);
    return pid;
  }

  get probe(): Probe {
    if (this.#probe === undefined) throw new Error(`${this.subject.name} is not running`);
    return this.#probe;
  }

  /**
   * Starts the process, on the same port and folder as before; gives how long it took to listen, in milliseconds. With a
   * label this start is what is measured.
   */
  async launch(label?: string): Promise<number> {
    const { args, env } = this.subject.command(this.folder);
    const { profile } = this.#options;
    const isProfiled = profile !== undefined && label !== undefined;
    const node = ["--expose-gc", "--import", new URL("./probe.mjs", import.meta.url).href, ...args];
    const [command = "", ...rest] = [...onServerCore(this.#options.pinned), process.execPath, ...node];
    const log = openSync(join(this.folder, "server.log"), "a");
    const startedMs = performance.now();
    const child = spawn(command, rest, {
      env: {
        ...ownSettings(),
        ...env,
        PORT: String(this.port),
        ...(isProfiled ? { BENCH_PROFILE_FROM_START: profile.kind } : {}),
      },
      stdio: ["ignore", log, log, "ipc"],
    });
    closeSync(log);
    this.#child = child;
    this.#probe = new Probe(child);
    running.add(child);
    child.once("exit", () => running.delete(child));
    await this.#listening(child, startedMs);
    const tookMs = performance.now() - startedMs;
    if (isProfiled) await this.probe.stop(profile.kind, profile.file(label));
    return tookMs;
  }

  /** What the work costs this server; it runs until the server is done with what follows from it. */
  async measure<T>(label: string, work: () => Promise<T>): Promise<Cost<T>> {
    const { profile } = this.#options;
    if (profile !== undefined) await this.probe.start(profile.kind);
    const beforeMs = cpuMsOf(this.pid);
    const startMs = performance.now();
    const value = await work();
    const wallMs = performance.now() - startMs;
    await this.quiet();
    const cpuMs = cpuMsOf(this.pid) - beforeMs;
    if (profile !== undefined) await this.probe.stop(profile.kind, profile.file(label));
    return { cpuMs, wallMs, value };
  }

  /** Waits until it has nothing left to do: records are stored behind the messages. */
  async quiet(): Promise<void> {
    const deadlineMs = performance.now() + quietDeadlineMs;
    for (let before = -1, now = cpuMsOf(this.pid); before < now && performance.now() < deadlineMs; ) {
      before = now;
      await delay(quietMs);
      now = cpuMsOf(this.pid);
    }
  }

  async #listening(child: ChildProcess, startedMs: number): Promise<void> {
    while (!(await canConnect(this.port))) {
      if (child.exitCode !== null || performance.now() - startedMs > startDeadlineMs) {
        throw new Error(`${this.subject.name} does not listen:\n${this.log().slice(-2_000)}`);
      }
      await delay(lookAgainMs);
    }
  }

  log(): string {
    return readFileSync(join(this.folder, "server.log"), "utf8");
  }

  signal(signal: NodeJS.Signals): void {
    this.#child?.kill(signal);
  }

  /** Ends the process and waits for its end. The folder stays. */
  async kill(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill(signal);
    await ended;
  }

  async stop(): Promise<void> {
    await this.kill("SIGKILL");
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Settings of the one who measures must not leak into what is measured. */
function ownSettings(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreignSettings.test(name)));
}

function canConnect(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: "127.0.0.1" });
    socket.once("connect", () => resolve(true));
    socket.once("error", () => resolve(false));
    socket.once("close", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}

/** A bench that ends early takes its servers with it. */
const running = new Set<ChildProcess>();
process.once("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});
