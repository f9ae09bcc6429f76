import { spawn } from "node:child_process";
import { once } from "node:events";
import { programArguments } from "@echoo/testkit";

const main = new URL("../../src/main.ts", import.meta.url);

/** Runs the server's program to its end, with nothing but these settings, and tells what it said. */
export async function runToItsEnd(env: Readonly<Record<string, string>>, ...flags: string[]) {
  const argv = [...programArguments(main), ...flags];
  const { PATH = "", HOME = "", TMPDIR = "" } = process.env;
  const child = spawn(process.execPath, argv, { env: { PATH, HOME, TMPDIR, HOST: "127.0.0.1", ...env } });
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (chunk) => {
    stdout += String(chunk);
  });
  child.stderr.on("data", (chunk) => {
    stderr += String(chunk);
  });
  // A program that does not end by itself has failed; the test must not wait for it for ever.
  const kill = AbortSignal.timeout(30_000);
  kill.addEventListener("abort", () => child.kill("SIGKILL"));
  const [code] = (await once(child, "close")) as [number | null];
  return { code, stdout, stderr };
}
