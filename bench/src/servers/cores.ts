import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";

/** Servers run on the first core and the load tool on the second, so that neither waits for the other. */
const serverCore = "0";
const loadCore = "1";

/** Whether the machine has two cores and the tool that pins processes to them. */
function canPin(): boolean {
  return availableParallelism() >= 2 && spawnSync("taskset", ["--version"]).status === 0;
}

/**
 * Moves this process, with all its threads, to the core of the load tool; says whether servers can be pinned as well. A
 * database that it starts stays there with it: its cost is not the server's.
 */
export function pinLoadTool(say: (line: string) => void): boolean {
  if (!canPin()) {
    say("Servers and load tool share the cores of this machine: latencies are those of both.");
    return false;
  }
  execFileSync("taskset", ["-a", "-c", "-p", loadCore, String(process.pid)], { stdio: "ignore" });
  return true;
}

/** What the command line of a server begins with. */
export function onServerCore(pinned: boolean): readonly string[] {
  return pinned ? ["taskset", "-c", serverCore] : [];
}

/** Lets this process, and those that it starts, open so many files, where it may; gives how many they may open. */
export function allowOpenFiles(count: number): number {
  spawnSync("prlimit", ["--pid", String(process.pid), `--nofile=${count}:${count}`]);
  return Number(/^Max open files\s+(\d+)/m.exec(readFileSync("/proc/self/limits", "utf8"))?.[1] ?? count);
}
