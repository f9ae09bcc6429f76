import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Where `npm test` puts the checker of histories that it builds. */
const built = fileURLToPath(new URL("../../../../../.cache/services/porcupine/checker", import.meta.url));

export function findPorcupine(): string | undefined {
  return existsSync(built) ? built : undefined;
}
