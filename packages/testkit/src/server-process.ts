import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onceStored } from "./once-stored.ts";
import { defaultDeadlineMs, withDeadline } from "./platform.ts";
import { programArguments } from "./program-arguments.ts";
import { type StoreUnderTest, storeUnderTest } from "./services/databases/store-under-test.ts";

/** The checkout: this file is packages/testkit/{src,dist}/server-process. */
const root = new URL("../../../", import.meta.url);
/** A cold start compiles every file, and the machine may be busy. */
const startDeadlineMs = 60_000;
const maxOutputChars = 16 * 1024 * 1024;
/** Settings of the developer who runs the tests must not leak into the server, nor the test runner's own. */
const foreignSettings = /^(ECHOO_|TURN_|TLS_|MONGO|REDIS_|DATABASE_|PORT$|HOST$|NODE_ENV$|NODE_OPTIONS$|NODE_TEST_)/;

export interface ServerOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** What its command line begins with, to run it in another network. */
  readonly prefix?: readonly string[];
  /** What to start instead of the server. */
  readonly entry?: URL;
  /** The test context: the server is stopped, and its data removed, when the test ends. */
  readonly test?: { after(run: () => Promise<void>): void };
}

export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** Starts the real server as a process of its own, on a free port and with data of its own. */
export async function spawnServer(options: ServerOptions = {}): Promise<ServerProcess> {
  const data = await mkdtemp(join(tmpdir(), "echoo-test-"));
  const store = await storeUnderTest(options.env);
  const server = new ServerProcess(data, options, store);
  options.test?.after(() => server.stop());
  try {
    await server.start();
  } catch (error) {
    await server.stop();
    throw error;
  }
  return server;
}

/** A server under test. What it writes is kept across restarts. */
export class ServerProcess {
  readonly data: string;
  readonly #options: ServerOptions;
  readonly #store: StoreUnderTest;
  #child: ChildProcess | undefined;
  #ended: Promise<ProcessEnd> = Promise.resolve({ code: null, signal: null });
  #port = 0;
  #output = "";
  readonly #listeners = new Set<() => void>();

  constructor(data: string, options: ServerOptions, store: StoreUnderTest) {
    this.data = data;
    this.#options = options;
    this.#store = store;
  }

  get port(): number {
    return this.#port;
  }

  /** Without a slash at the end. */
  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  get wsUrl(): string {
    return `ws://127.0.0.1:${this.#port}/`;
  }

  get pid(): number {
    const pid = this.#child?.pid;
    if (pid === undefined) throw new Error("the server is not running");
    return pid;
  }

  /** All that it wrote so far, on both streams, of all its lives. */
  output(): string {
    return this.#output;
  }

  /** The first match in what it writes, once it is there. */
  async said(pattern: RegExp, deadlineMs = defaultDeadlineMs): Promise<RegExpExecArray> {
    const said = new Promise<RegExpExecArray>((resolve) => {
      const look = () => {
        const match = pattern.exec(this.#output);
        if (match !== null && this.#listeners.delete(look)) resolve(match);
      };
      this.#listeners.add(look);
      look();
    });
    return withDeadline(said, deadlineMs, () => `the server did not say ${pattern}:\n${this.#tail()}`);
  }

  /** What a reading gives once it is as wanted; see `onceStored`. */
  stored<T>(read: () => Promise<T>, isWanted: (value: T) => boolean): Promise<T> {
    return onceStored(this.data, read, isWanted, () => this.#tail());
  }

  /** Lines that tell of a fault that was not handled. A test asserts that there is none. */
  faults(): readonly string[] {
    const fault = /unhandled|uncaught|ERR_UNHANDLED|MaxListenersExceeded|heap out of memory|"level":"(error|fatal)"/i;
    return this.#output.split("\n").filter((line) => fault.test(line));
  }

  async start(): Promise<void> {
    const [command = "", ...args] = [...(this.#options.prefix ?? []), process.execPath, ...this.#command()];
    const child = spawn(command, args, {
      cwd: root,
      env: this.#environment(),
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#child = child;
    running.add(child);
    this.#ended = new Promise((resolve) => {
      // Not "exit": the last words may still be in the pipe then.
      child.once("close", (code, signal) => {
        running.delete(child);
        this.#child = undefined;
        resolve({ code, signal });
      });
    });
    await this.#listening(child);
  }

  /** Sends the signal and waits for the end. The data stays. */
  async kill(signal: NodeJS.Signals = "SIGKILL"): Promise<ProcessEnd> {
    this.#child?.kill(signal);
    return withDeadline(this.#ended, startDeadlineMs, () => `the server outlived ${signal}:\n${this.#tail()}`);
  }

  /** Ends it by the signal, and starts it again on the same port with the same data. */
  async restart(signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
    await this.kill(signal);
    await this.start();
  }

  /** Ends it, by force if it does not go by itself, and removes its data. */
  async stop(): Promise<void> {
    this.#child?.kill("SIGTERM");
    try {
      await withDeadline(this.#ended, defaultDeadlineMs, () => `the server ignored SIGTERM:\n${this.#tail()}`);
    } finally {
      await this.kill("SIGKILL");
      await this.#store.stop();
      await rm(this.data, { recursive: true, force: true });
    }
  }

  #command(): string[] {
    return programArguments(this.#options.entry ?? new URL("packages/server/src/main.ts", root));
  }

  #environment(): NodeJS.ProcessEnv {
    const inherited = Object.entries(process.env).filter(([name]) => !foreignSettings.test(name));
    return {
      ...Object.fromEntries(inherited),
      // Tests open nothing to the network that they run in, and share no port with each other.
      HOST: "127.0.0.1",
      ECHOO_DEV_HTTPS_PORT: "off",
      ECHOO_DATA: this.data,
      ...this.#store.env,
      ...this.#options.env,
      PORT: String(this.#port),
    };
  }

  async #listening(child: ChildProcess): Promise<void> {
    const before = this.#output.length;
    const listening = new Promise<number>((resolve) => {
      let isListening = false;
      const read = (chunk: Buffer) => {
        if (this.#output.length < maxOutputChars) this.#output += String(chunk);
        for (const look of [...this.#listeners]) look();
        if (isListening) return;
        const port = /\blistening\b.*127\.0\.0\.1:(\d+)\b.*\n/.exec(this.#output.slice(before))?.[1];
        isListening = port !== undefined;
        if (isListening) resolve(Number(port));
      };
      child.stdout?.on("data", read);
      child.stderr?.on("data", read);
    });
    const died = this.#ended.then(({ code, signal }) => {
      throw new Error(`the server ended before it listened (${signal ?? code}):\n${this.#tail()}`);
    });
    const explain = () => `the server did not listen within ${startDeadlineMs} ms:\n${this.#tail()}`;
    this.#port = await withDeadline(Promise.race([listening, died]), startDeadlineMs, explain);
  }

  #tail(): string {
    return this.#output.slice(-4_000);
  }
}

/** A test file that ends early takes its servers with it. */
const running = new Set<ChildProcess>();
process.once("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});
