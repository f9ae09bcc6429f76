import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defaultDeadlineMs, withDeadline } from "../platform.ts";
import { TurnClient } from "../turn/turn-client.ts";
import { findCoturn } from "./programs/find-coturn.ts";

/** The file that people are given: this one is packages/testkit/{src,dist}/services/coturn. */
const shipped = new URL("../../../../deploy/coturn/turnserver.conf", import.meta.url);
const maxOutputChars = 4 * 1024 * 1024;
/** Below the ports that systems hand out by themselves; coturn takes another one where one is in use. */
const relayPorts = ["--min-port=20000", "--max-port=23999"];

interface CoturnOptions {
  /** As ECHOO_TURN_SECRET has them: one, or the new one and the old one. */
  readonly secrets: readonly [string, string?];
  /** Where it listens and relays; loopback where absent. */
  readonly address?: string;
  /** More addresses to relay from, which peers may not have by that alone. */
  readonly moreRelayAddresses?: readonly string[];
  /** Runs it in a network namespace, for instance. */
  readonly prefix?: readonly string[];
  /** The test context: it is stopped when the test ends. */
  readonly test?: { after(run: () => Promise<void>): void };
}

/** One allocation, or one state of it: bytes that came from the client and went to it. */
export interface RelayUsage {
  readonly username: string;
  readonly receivedBytes: number;
  readonly sentBytes: number;
}

/** A real coturn with the configuration that deploy/ has, filled in for a test. */
export class Coturn {
  readonly address: string;
  readonly #options: CoturnOptions;
  readonly #folder: string;
  #secrets: readonly [string, string?];
  #port = 0;
  #child: ChildProcess | undefined;
  #ended: Promise<unknown> = Promise.resolve();
  #output = "";
  #wakeWaiters: () => void = () => {};

  constructor(folder: string, options: CoturnOptions) {
    this.#folder = folder;
    this.#options = options;
    this.#secrets = options.secrets;
    this.address = options.address ?? "127.0.0.1";
  }

  get port(): number {
    return this.#port;
  }

  /** For TURN_URLS. */
  get url(): string {
    return `turn:${this.address}:${this.#port}?transport=udp`;
  }

  /** All that it wrote so far, of all its lives. */
  output(): string {
    return this.#output;
  }

  /** What it has counted, by the latest line of each session. */
  usage(): readonly RelayUsage[] {
    const line = /session (\d+): usage: realm=<[^>]*>, username=<([^>]*)>, rp=\d+, rb=(\d+), sp=\d+, sb=(\d+)/g;
    const sums = new Map<string, RelayUsage>();
    for (const [, session = "", username = "", received, sent] of this.#output.matchAll(line)) {
      const before = sums.get(session) ?? { username, receivedBytes: 0, sentBytes: 0 };
      const receivedBytes = before.receivedBytes + Number(received);
      sums.set(session, { username, receivedBytes, sentBytes: before.sentBytes + Number(sent) });
    }
    return [...sums.values()];
  }

  /** Waits until what it wrote is as wanted. */
  async until(holds: () => boolean, what: string): Promise<void> {
    const explain = () => `coturn did not say ${what}:\n${this.#output.slice(-4_000)}`;
    const held = (async () => {
      while (!holds()) await new Promise<void>((resolve) => (this.#wakeWaiters = resolve));
    })();
    await withDeadline(held, 3 * defaultDeadlineMs, explain);
  }

  async start(): Promise<void> {
    this.#port ||= await freePort();
    await writeFile(join(this.#folder, "turnserver.conf"), this.#filledIn(await readFile(shipped, "utf8")));
    const [command = "", ...args] = [
      ...(this.#options.prefix ?? []),
      findCoturn() ?? "turnserver",
      ...this.#arguments(),
    ];
    const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], cwd: this.#folder });
    this.#child = child;
    running.add(child);
    this.#ended = once(child, "close").finally(() => running.delete(child));
    const read = (chunk: Buffer) => {
      if (this.#output.length < maxOutputChars) this.#output += String(chunk);
      this.#wakeWaiters();
    };
    child.stdout?.on("data", read);
    child.stderr?.on("data", read);
    const before = this.#output.length;
    const listens = () => this.#output.slice(before).includes(`UDP listener opened on: ${this.address}:${this.#port}`);
    const died = this.#ended.then(() => {
      throw new Error(`coturn ended at once:\n${this.#output.slice(-4_000)}`);
    });
    await Promise.race([this.until(listens, "that it listens"), died]);
    died.catch(() => {});
    if (!this.#options.prefix) await this.#answers();
  }

  /** Starts it again on the same port with other secrets, as an administrator who edits the file does. */
  async restart(secrets: readonly [string, string?]): Promise<void> {
    await this.#end();
    this.#secrets = secrets;
    await this.start();
  }

  async stop(): Promise<void> {
    await this.#end();
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #end(): Promise<void> {
    this.#child?.kill("SIGKILL");
    await this.#ended;
    this.#child = undefined;
  }

  async #answers(): Promise<void> {
    const client = await TurnClient.open({ address: this.address, port: this.#port });
    await client.answers().finally(() => client.close());
  }

  /** What README.md asks people to fill in, and nothing else. */
  #filledIn(text: string): string {
    const [secret, older] = this.#secrets;
    const filled = text
      .replace("static-auth-secret=FILL-IN-THE-SECRET", `static-auth-secret=${secret}`)
      .replace(/^(listening-ip|relay-ip|allowed-peer-ip)=203\.0\.113\.10$/gm, `$1=${this.address}`)
      .replace(/^(cert|pkey)=.*\n/gm, "");
    const rotated =
      older === undefined
        ? filled
        : filled.replace("#static-auth-secret=FILL-IN-THE-OLDER-SECRET", `static-auth-secret=${older}`);
    // Only root can hand a process over to another user, and only to one there is.
    return canBecome("turnserver") ? rotated : rotated.replace(/^proc-(user|group)=.*\n/gm, "");
  }

  /** What a test needs otherwise: ports of its own, no certificate, a log to read, and loopback where it relays there. */
  #arguments(): string[] {
    const { moreRelayAddresses = [] } = this.#options;
    return [
      ...["-c", join(this.#folder, "turnserver.conf"), `--listening-port=${this.#port}`, ...relayPorts],
      ...["--no-tls", "--no-dtls", "--verbose", "--log-file=stdout"],
      ...[`--pidfile=${join(this.#folder, "pid")}`, `--userdb=${join(this.#folder, "turndb")}`],
      ...moreRelayAddresses.map((address) => `--relay-ip=${address}`),
      ...(this.address.startsWith("127.") ? ["--allow-loopback-peers"] : []),
    ];
  }
}

/** Starts coturn on a free port. Ask requireService first. */
export async function startCoturn(options: CoturnOptions): Promise<Coturn> {
  const folder = await mkdtemp(join(tmpdir(), "echoo-coturn-"));
  // It gives its rights up once it runs, and must still get at its files.
  await chmod(folder, 0o777);
  const coturn = new Coturn(folder, options);
  options.test?.after(() => coturn.stop());
  try {
    await coturn.start();
  } catch (error) {
    await coturn.stop();
    throw error;
  }
  return coturn;
}

function canBecome(user: string): boolean {
  if (process.getuid?.() !== 0) return false;
  try {
    execFileSync("id", ["-u", user], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** Free for TCP, and as good as surely for UDP. */
async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  server.close();
  await once(server, "close");
  return port;
}

/** A test file that ends early takes its servers with it. */
const running = new Set<ChildProcess>();
process.once("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});
