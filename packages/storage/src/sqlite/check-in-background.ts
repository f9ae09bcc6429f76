import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Clock } from "@echoo/core";
import type { CheckAnswer } from "./check-process.ts";

/** Reading holds back the emptying of the log, so it may not take for ever. */
const longestMs = 10 * 60_000;

/** How a library ends its process over what it reads; any other end, such as a signal, says nothing of the file. */
const deadlySignals: ReadonlySet<NodeJS.Signals> = new Set(["SIGABRT", "SIGSEGV", "SIGBUS"]);

const entry = fileURLToPath(
  new URL(import.meta.url.endsWith(".ts") ? "./check-process.ts" : "./check-process.js", import.meta.url),
);

export interface BackgroundCheck {
  readonly path: string;
  readonly clock: Pick<Clock, "after">;
  /** What was found, once; empty where the file is sound. */
  readonly onFindings: (findings: readonly string[]) => void;
  /** It was not looked through: there was no time, or no process to be had. */
  readonly onUnfinished: (why: string) => void;
}

/**
 * Looks through a large database in a process of its own, so that neither its time nor a library that gives up on what
 * it finds there is the server's. The result ends it.
 */
export function checkInBackground({ path, clock, onFindings, onUnfinished }: BackgroundCheck): () => void {
  const execArgv = process.execArgv.filter((flag) => !flag.startsWith("--inspect"));
  const child = fork(entry, [path], { execArgv, stdio: ["ignore", "ignore", "ignore", "ipc"] });
  let isOver = false;
  const end = (tell: () => void) => {
    if (isOver) return;
    isOver = true;
    cancel();
    child.kill("SIGKILL");
    tell();
  };
  const cancel = clock.after(longestMs, () => end(() => onUnfinished("it took too long")));
  child.once("message", (answer) => end(() => onFindings((answer as CheckAnswer).findings)));
  child.once("error", (error) => end(() => onUnfinished(error.message)));
  child.once("exit", (code, signal) =>
    end(() => {
      const sentence = `the process that looked through it ended with ${signal ?? code}`;
      if (signal !== null && deadlySignals.has(signal)) onFindings([sentence]);
      else onUnfinished(sentence);
    }),
  );
  return () => end(() => {});
}
