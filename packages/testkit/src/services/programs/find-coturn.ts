import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/** coturn's server, wherever PATH has it. */
export function findCoturn(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const folders = (env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  return folders.map((folder) => join(folder, "turnserver")).find((path) => existsSync(path));
}
