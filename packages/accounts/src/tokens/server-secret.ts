import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const fileName = "server-secret";

/**
 * The server's own secret: the one that was set, or else one made at the first start and kept in the data folder,
 * readable by its owner alone. Two processes that start at once end up with the same one.
 */
export function readServerSecret(dataDir: string, configured: string | undefined, randomSecret: () => string): string {
  if (configured !== undefined) return configured;
  mkdirSync(dataDir, { recursive: true });
  try {
    writeFileSync(join(dataDir, fileName), randomSecret(), { mode: 0o600, flag: "wx", flush: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  return readKept(dataDir);
}

/** The same for a command beside the server, which must not make one: undefined where no server has started yet. */
export function findServerSecret(dataDir: string, configured: string | undefined): string | undefined {
  if (configured !== undefined) return configured;
  try {
    return readKept(dataDir);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

function readKept(dataDir: string): string {
  const file = join(dataDir, fileName);
  const secret = readFileSync(file, "utf8").trim();
  if (secret.length < 32) throw new Error(`${file} is damaged: delete it, and pending codes with it`);
  return secret;
}
