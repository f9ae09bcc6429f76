import { createClient } from "@redis/client";
import type { RedisCommand } from "./redis-scripts.ts";

/** Where a Redis or Valkey is: a URL, or a socket of this machine. */
export type RedisAddress = { readonly url: string } | { readonly socket: string };

/** One connection that ends when it is broken; whoever has it opens another. */
export interface RedisConnection {
  readonly command: RedisCommand;
  /** The run id of the server's process: another one means that data may be lost. */
  readonly runId: string;
  close(): void;
}

const connectTimeoutMs = 5_000;

/** Connects once. `ended` is told when the connection is no more; what waited for a reply has been rejected then. */
export async function openRedis(address: RedisAddress, ended: (error?: unknown) => void): Promise<RedisConnection> {
  // Whether a command was carried out must never be a guess: none waits for a connection, none is sent again.
  const replies = { RESP: 2, disableOfflineQueue: true } as const;
  const once = { reconnectStrategy: false, connectTimeout: connectTimeoutMs } as const;
  const client =
    "url" in address
      ? createClient({ ...replies, url: address.url, socket: once })
      : createClient({ ...replies, socket: { ...once, path: address.socket } as typeof once });
  let isOver = false;
  const over = (error?: unknown) => {
    if (isOver) return;
    isOver = true;
    ended(error);
  };
  client.on("error", over);
  client.on("end", () => over());
  await client.connect();
  const command: RedisCommand = (args) => client.sendCommand([...args]);
  const runId = /^run_id:(\S+)/m.exec(String(await command(["INFO", "server"])))?.[1];
  if (runId === undefined) throw new Error("the server does not say which process it is (INFO server, run_id)");
  return { command, runId, close: () => client.destroy() };
}
