import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { z } from "zod";

const fileName = "lock.json";

const holderSchema = z.object({
  what: z.string().max(100),
  pid: z.int().positive(),
  host: z.string().max(300),
  port: z.int().optional(),
  address: z.string().max(2_000).optional(),
  startedAt: z.string().max(40),
});

/**
 * Who holds a data folder: for the operator to read, and for the commands to know where the server is. The lock itself
 * is the system's.
 */
export type LockHolder = z.infer<typeof holderSchema>;

/** Never throws: on a full disk the lock holds all the same, and only says less. */
export function writeHolder(folder: string, holder: LockHolder): void {
  const path = join(folder, fileName);
  try {
    writeFileSync(`${path}.new`, `${JSON.stringify(holder)}\n`, { mode: 0o600 });
    renameSync(`${path}.new`, path);
  } catch {
    removeHolder(folder);
  }
}

export function removeHolder(folder: string): void {
  try {
    rmSync(join(folder, fileName), { force: true });
  } catch {
    // It says who held the folder once; a lock that is free makes it void.
  }
}

/** Undefined where the file is missing, or left by a process that is gone: another process holds the lock then. */
export function readHolder(folder: string): LockHolder | undefined {
  try {
    const holder = holderSchema.parse(JSON.parse(readFileSync(join(folder, fileName), "utf8")));
    return holder.host === hostname() && !isAlive(holder.pid) ? undefined : holder;
  } catch {
    return undefined;
  }
}

/** Processes of other users count: they may not be signalled, which tells that they are there. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

export function describeHolder(holder: LockHolder | undefined): string {
  if (holder === undefined) return "a server that runs, or a command such as echoo store copy";
  const { what, pid, host, port, startedAt } = holder;
  const details = [`process ${pid} on ${host}`, ...(port === undefined ? [] : [`port ${port}`]), `since ${startedAt}`];
  return `${what} (${details.join(", ")})`;
}
