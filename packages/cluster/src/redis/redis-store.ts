import type { Entry, NodeId, RemoteScripts, UserPresence } from "@echoo/core";
import type { StoreConnection } from "../node/cluster-node.ts";
import { openRedis, type RedisAddress, type RedisConnection } from "./open-redis.ts";
import { RedisScripts, readPresence } from "./redis-scripts.ts";
import { requireUsable } from "./require-usable.ts";
import { allScriptTexts } from "./script-texts.ts";

/** How long a read waits for entries, and how many it takes at once. */
const blockMs = 1_000;
const entriesAtOnce = 512;

/** Keys that a node's scripts and streams are under: one installation each. */
export interface RedisPlace {
  readonly address: RedisAddress;
  readonly prefix: string;
}

/**
 * A connection for scripts, one that waits for entries, and one that hears of presence. They are one: where any ends all
 * do, and the node begins anew, for a node that is deaf must not go on as if it were not.
 */
export async function connectRedis({ address, prefix }: RedisPlace, ended: () => void): Promise<StoreConnection> {
  let isOver = false;
  const open: RedisConnection[] = [];
  const over = () => {
    if (isOver) return;
    isOver = true;
    for (const connection of open) connection.close();
    ended();
  };
  try {
    for (let count = 0; count < 3; count += 1) open.push(await openRedis(address, over));
    const [commands, reader, hearer] = open;
    if (!commands || !reader || !hearer || isOver) throw new Error("the connection ended at once");
    // Another server may answer there than at the start.
    await requireUsable(commands.command);
    // A script that Redis does not know would be sent again, behind what came after it.
    for (const { text } of allScriptTexts()) await commands.command(["SCRIPT", "LOAD", text]);
    const store = new RedisStore(prefix, commands, reader, over);
    await hearer.subscribe(`${prefix}presence`, (text) => store.heard(readPresence(text)));
    return store;
  } catch (error) {
    isOver = true;
    for (const connection of open) connection.close();
    throw error;
  }
}

class RedisStore implements StoreConnection {
  readonly scripts: RemoteScripts;
  readonly runId: string;
  readonly close: () => void;
  #hears: (presence: readonly UserPresence[]) => void = () => {};
  readonly #prefix: string;
  readonly #commands: RedisConnection;
  readonly #reader: RedisConnection;

  constructor(prefix: string, commands: RedisConnection, reader: RedisConnection, close: () => void) {
    this.#prefix = prefix;
    this.#commands = commands;
    this.#reader = reader;
    this.scripts = new RedisScripts(prefix, commands.command);
    this.runId = commands.runId;
    this.close = close;
  }

  async read(node: NodeId, after: string): Promise<readonly Entry[]> {
    const key = `${this.#prefix}q:${node}`;
    const how = ["BLOCK", String(blockMs), "COUNT", String(entriesAtOnce)];
    const read = await this.#reader.command(["XREAD", ...how, "STREAMS", key, after]);
    return entriesOf(read).map(([id, [, text = ""]]) => ({ id, text }));
  }

  onPresence(run: (presence: readonly UserPresence[]) => void): void {
    this.#hears = run;
  }

  heard(presence: readonly UserPresence[]): void {
    this.#hears(presence);
  }

  trim(node: NodeId, upTo: string): void {
    // What was read is still the last: ids to come are after it also where nothing is left.
    this.#commands.command(["XTRIM", `${this.#prefix}q:${node}`, "MINID", "~", upTo]).catch(() => {});
  }
}

/** What one stream had, whichever version of the protocol the reply is in; nothing where the time ran out. */
function entriesOf(read: unknown): readonly [string, string[]][] {
  if (read === null || read === undefined) return [];
  const [first] = Array.isArray(read) ? read : Object.entries(read as object);
  return (first as [string, [string, string[]][]])[1];
}
