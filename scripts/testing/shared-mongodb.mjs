import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("shared-mongodb-program.ts", import.meta.url));
const startLimitMs = 90_000;

/**
 * Starts the MongoDB that all tests use which do not disturb it, each with databases of its own.
 * @returns {Promise<{ uri: string, stop: () => Promise<void> }>}
 */
export async function startSharedMongodb() {
  const child = fork(program, { execArgv: ["--conditions=source", "--import", "tsx"] });
  const ended = once(child, "exit");
  const died = ended.then(() => {
    throw new Error("The MongoDB of this run did not start: the lines above say why.");
  });
  const [uri] = await Promise.race([once(child, "message", { signal: AbortSignal.timeout(startLimitMs) }), died]);
  // Its end is expected from here on.
  died.catch(() => {});
  return {
    uri,
    stop: async () => {
      child.disconnect();
      await ended;
    },
  };
}
