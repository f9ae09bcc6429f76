import { execFileSync } from "node:child_process";
import { cpus, totalmem } from "node:os";

/** The machine that measured, in a line. */
export function machine(): string {
  const all = cpus();
  const gib = Math.round(totalmem() / 2 ** 30);
  return `${all.length} × ${all[0]?.model.trim() ?? "an unknown processor"}, ${gib} GiB, ${process.platform}`;
}

/** The commit that was measured; with a plus where files differ from it. */
export function commit(): string {
  try {
    const git = (...args: string[]) =>
      execFileSync("git", args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
    const changed = git("status", "--porcelain", "--untracked-files=no", "--", ":!bench/report").trim() !== "";
    return `${git("rev-parse", "--short=10", "HEAD").trim()}${changed ? "+" : ""}`;
  } catch {
    return "unknown";
  }
}
