import { findPrimary, type SentinelAddress } from "./find-primary.ts";
import { loadClient } from "./load-client.ts";
import type { RedisCommand } from "./run-script.ts";

/** Where a Redis or Valkey is: a URL, a socket of this machine, or what sentinels watch. */
export type RedisAddress = { readonly url: string } | { readonly socket: string } | SentinelAddress;

/** One connection that ends when it is broken; whoever has it opens another. */
export interface RedisConnection {
  readonly command: RedisCommand;
  /** The run id of the server's process: another one means that data may be lost. */
  readonly runId: string;
  /** From then on it does nothing else. */
  subscribe(channel: string, run: (text: string) => void): Promise<void>;
  close(): void;
}

const connectTimeoutMs = 5_000;
/** Nothing was read for so long, not even what was asked for so that something is: the connection is no more. */
const silentMs = 15_000;
const pingMs = 5_000;

/** Connects once. `ended` is told when the connection is no more; what waited for a reply has been rejected then. */
export async function openRedis(address: RedisAddress, ended: (error?: unknown) => void): Promise<RedisConnection> {
  const client = await clientFor(address);
  let isOver = false;
  const over = (error?: unknown) => {
    if (isOver) return;
    isOver = true;
    ended(error);
  };
  client.on("error", over);
  client.on("end", () => over());
  try {
    await client.connect();
    const command: RedisCommand = (args) => client.sendCommand([...args]);
    const runId = /^run_id:(\S+)/m.exec(String(await command(["INFO", "server"])))?.[1];
    if (runId === undefined) throw new Error("the server does not say which process it is (INFO server, run_id)");
    // A sentinel may name for a while what is a replica by now, which would refuse every write.
    if ("sentinels" in address && !isPrimary(await command(["ROLE"]))) throw new Error("it is no primary any more");
    const subscribe = (channel: string, run: (text: string) => void) => client.subscribe(channel, run);
    return { command, runId, subscribe, close: () => client.destroy() };
  } catch (error) {
    if (client.isOpen) client.destroy();
    throw error;
  }
}

async function clientFor(address: RedisAddress) {
  const { createClient } = await loadClient();
  // Whether a command was carried out must never be a guess: none waits for a connection, none is sent again.
  const replies = { RESP: 2, disableOfflineQueue: true, pingInterval: pingMs } as const;
  const once = { reconnectStrategy: false, connectTimeout: connectTimeoutMs, socketTimeout: silentMs } as const;
  if ("socket" in address) {
    return createClient({ ...replies, socket: { ...once, path: address.socket } as typeof once });
  }
  const url = "sentinels" in address ? await findPrimary(address) : address.url;
  return createClient({ ...replies, url, socket: once });
}

function isPrimary(role: unknown): boolean {
  return Array.isArray(role) && String(role[0]) === "master";
}
