import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/** nginx, wherever PATH has it, or where Debian puts it, which a user's PATH may leave out. */
export function findNginx(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const folders = (env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  return [...folders, "/usr/sbin"].map((folder) => join(folder, "nginx")).find((path) => existsSync(path));
}
