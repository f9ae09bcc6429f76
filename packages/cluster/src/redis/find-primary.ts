import { loadClient } from "./load-client.ts";

/** Sentinels, and what they call the primary that they watch. */
export interface SentinelAddress {
  /** Each as `host:port`, with `user:password@` before it where it asks for one. */
  readonly sentinels: readonly string[];
  readonly name: string;
  /** How the primary is spoken to (TLS, user, password, database); its host and port are those that a sentinel names. */
  readonly url?: string | undefined;
}

/** A sentinel that takes longer is passed over. */
const patienceMs = 2_000;

/** The URL of the primary as the first sentinel has it that answers. Rejects where none names one. */
export async function findPrimary({ sentinels, name, url }: SentinelAddress): Promise<string> {
  let cause: unknown;
  for (const sentinel of sentinels) {
    try {
      const found = await ask(sentinel, name);
      if (found) return urlOf(url, found);
    } catch (error) {
      cause = error;
    }
  }
  throw new Error(`no sentinel names a primary that is called ${name}`, { cause });
}

async function ask(sentinel: string, name: string): Promise<readonly string[] | undefined> {
  const { createClient } = await loadClient();
  const socket = { reconnectStrategy: false, connectTimeout: patienceMs, socketTimeout: patienceMs } as const;
  const client = createClient({ RESP: 2, disableOfflineQueue: true, url: `redis://${sentinel}`, socket });
  client.on("error", () => {});
  try {
    await client.connect();
    const found = await client.sendCommand(["SENTINEL", "GET-MASTER-ADDR-BY-NAME", name]);
    return Array.isArray(found) ? found.map(String) : undefined;
  } finally {
    // One that never connected has nothing to destroy.
    if (client.isOpen) client.destroy();
  }
}

function urlOf(url: string | undefined, [host = "", port = ""]: readonly string[]): string {
  const primary = new URL(url ?? "redis://primary");
  primary.hostname = host.includes(":") ? `[${host}]` : host;
  primary.port = port;
  return primary.href;
}
