import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { programArguments } from "@echoo/testkit";

const root = new URL("../../../../", import.meta.url);
const foreignSettings = /^(ECHOO_|TURN_|MONGO|REDIS_|PORT$|HOST$|NODE_ENV$|NODE_OPTIONS$|NODE_TEST_)/;

export interface EchooRun {
  /** Null where a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface EchooOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** What to run instead of the command. */
  readonly entry?: URL;
  /** Is told of everything on stderr so far, and may end the process. */
  readonly onStderr?: (soFar: string, child: ChildProcess) => void;
}

/** Runs the real command in a process of its own, and waits for its end. */
export async function runEchoo(args: readonly string[], options: EchooOptions = {}): Promise<EchooRun> {
  const inherited = Object.entries(process.env).filter(([name]) => !foreignSettings.test(name));
  const entry = options.entry ?? new URL("packages/server/src/main.ts", root);
  const child = spawn(process.execPath, [...programArguments(entry), ...args], {
    cwd: root,
    env: { ...Object.fromEntries(inherited), ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [stdout, stderr] = ["", ""];
  // A chunk may end within a character.
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    stdout += chunk;
  });
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    stderr += chunk;
    options.onStderr?.(stderr, child);
  });
  const [code] = (await once(child, "close")) as [number | null];
  return { code, stdout, stderr };
}
