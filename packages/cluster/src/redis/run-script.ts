import type { ScriptText } from "./script-texts.ts";

/** One connection to Redis: a command and its arguments. Rejects where the reply did not come. */
export type RedisCommand = (args: readonly string[]) => Promise<unknown>;

/** By its hash, and whole where this Redis has not seen it, as after a failover. */
export async function runScript(
  command: RedisCommand,
  { text, sha }: ScriptText,
  args: readonly string[],
): Promise<unknown> {
  const rest = ["0", ...args];
  try {
    return await command(["EVALSHA", sha, ...rest]);
  } catch (error) {
    if (!(error instanceof Error && error.message.startsWith("NOSCRIPT"))) throw error;
    return await command(["EVAL", text, ...rest]);
  }
}
