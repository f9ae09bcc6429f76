import type {
  AdoptReply,
  BeatReply,
  CallEnd,
  CallFacts,
  ClaimReply,
  CommitReply,
  Fence,
  FindReply,
  HelloReply,
  HelloRequest,
  HomeState,
  JoinReply,
  Letter,
  NodeId,
  PlaceReply,
  PlaceRequest,
  RemoteScripts,
  SessionEntry,
  UserPresence,
  WaitingRecord,
} from "@echoo/core";
import { entryId, idText } from "../entry-id.ts";
import { type RedisCommand, runScript } from "./run-script.ts";
import { type ScriptName, scriptText } from "./script-texts.ts";

/** The steps that nodes take together, each one script of Redis. */
export class RedisScripts implements RemoteScripts {
  readonly #prefix: string;
  readonly #command: RedisCommand;

  constructor(prefix: string, command: RedisCommand) {
    this.#prefix = prefix;
    this.#command = command;
  }

  async hello(node: NodeId, { runId, lastRead, secret, config }: HelloRequest): Promise<HelloReply> {
    const [ms, seq] = entryId(lastRead);
    return this.#said("hello", node, [runId, lastRead, secret, config, idText([ms, seq + 1])]);
  }

  async beat(node: NodeId): Promise<BeatReply> {
    const reply = await this.#said<BeatReply>("beat", node, []);
    return reply.code === "ok" ? { ...reply, orphaned: listed(reply.orphaned) } : reply;
  }

  async bury(by: NodeId, node: NodeId, seenBeat: number | "own"): Promise<boolean> {
    return (await this.#run("bury", by, [node, String(seenBeat)])) === 1;
  }

  async join(node: NodeId, { user, session, entry }: SessionEntry): Promise<JoinReply> {
    const reply = await this.#said<JoinReply>("join", node, [user, session, entry]);
    return reply.code === "ok" ? { ...reply, rings: listed(reply.rings), ends: listed(reply.ends) } : reply;
  }

  async leave(_node: NodeId, user: string, session: string): Promise<void> {
    await this.#command(["HDEL", `${this.#prefix}u:${user}`, `s:${session}`]);
  }

  async presenceOf(users: readonly string[]): Promise<readonly UserPresence[]> {
    return users.length === 0 ? [] : readPresence(String(await this.#run("presence", "", ["look", ...users])));
  }

  async announce(users: readonly string[]): Promise<void> {
    if (users.length > 0) await this.#run("presence", "", ["tell", ...users]);
  }

  async place(node: NodeId, { callId, caller, callee, mayRing }: PlaceRequest): Promise<PlaceReply> {
    const reply = await this.#said<PlaceReply>("place", node, [callId, caller, callee, mayRing ? "1" : "0"]);
    return "devices" in reply ? { ...reply, devices: listed(reply.devices) } : reply;
  }

  async abandon(node: NodeId, callId: string): Promise<boolean> {
    return (await this.#run("abandon", node, [callId])) === 1;
  }

  finishAtOnce(
    node: NodeId,
    call: { readonly callId: string } & CallEnd & Pick<CallFacts, "caller" | "callee">,
  ): Promise<CommitReply> {
    const { callId, caller, callee, tombstone, record = "" } = call;
    return this.#said("finish-at-once", node, [callId, caller, callee, tombstone, record]);
  }

  claim(node: NodeId, callId: string, user: string): Promise<ClaimReply> {
    return this.#said("claim", node, [callId, user]);
  }

  async unclaim(node: NodeId, callId: string, user: string): Promise<void> {
    await this.#run("unclaim", node, [callId, user]);
  }

  commit(node: NodeId, state: HomeState): Promise<CommitReply> {
    return this.#said("commit", node, argumentsOf(state));
  }

  restore(node: NodeId, state: HomeState): Promise<CommitReply> {
    return this.#said("restore", node, argumentsOf(state));
  }

  async adopt(node: NodeId, callId: string): Promise<AdoptReply> {
    const reply = await this.#said<AdoptReply>("adopt", node, [callId]);
    if (reply.code !== "adopted") return reply;
    return { ...reply, facts: { ...reply.facts, nodes: listed(reply.facts.nodes) } };
  }

  async handOver(
    node: NodeId,
    { callId, gen, rev }: { readonly callId: string; readonly gen: number; readonly rev: number },
    to: NodeId,
  ): Promise<boolean> {
    return (await this.#run("hand-over", node, [callId, String(gen), String(rev), to])) === 1;
  }

  find(callId: string): Promise<FindReply> {
    return this.#said("find", "", [callId]);
  }

  async callsOf(home: NodeId): Promise<readonly string[]> {
    return ((await this.#command(["SMEMBERS", `${this.#prefix}h:${home}`])) as string[]).toSorted();
  }

  tell(node: NodeId, { to, text }: Letter): Promise<{ readonly code: "ok" | "dead" } | Fence> {
    return this.#said("tell", node, [to, text]);
  }

  tellAll(node: NodeId, text: string): Promise<{ readonly code: "ok" } | Fence> {
    return this.#said("tell", node, ["", text]);
  }

  async waitingRecords(olderThanMs: number, atMost: number): Promise<readonly WaitingRecord[]> {
    const entries = await this.#run("waiting-records", "", [String(olderThanMs), String(atMost)]);
    return (entries as [string, string[]][]).map(([id, [, record = ""]]) => ({ id, record }));
  }

  async recordsStored(ids: readonly string[]): Promise<void> {
    if (ids.length > 0) await this.#command(["XDEL", `${this.#prefix}records`, ...ids]);
  }

  async #said<T>(name: ScriptName, node: NodeId, args: readonly string[]): Promise<T> {
    return JSON.parse(String(await this.#run(name, node, args)));
  }

  #run(name: ScriptName, node: NodeId, args: readonly string[]): Promise<unknown> {
    return runScript(this.#command, scriptText(name), [this.#prefix, node, ...args]);
  }
}

function argumentsOf(state: HomeState): string[] {
  const { callId, gen, rev, facts, fields, sent, letters, claims, end } = state;
  const named = Object.entries(fields);
  return [
    ...[callId, String(gen), String(rev), facts.caller, facts.callee, facts.state],
    ...[facts.callerAway ?? "", facts.calleeAway ?? "", JSON.stringify(facts.nodes), sent],
    ...[end?.tombstone ?? "", end?.record ?? ""],
    ...[String(named.length), ...named.flat()],
    ...[String(letters.length), ...letters.flatMap(({ to, text }) => [to, text])],
    ...[String(claims.length), ...claims],
  ];
}

/** What the presence script returns, and tells. */
export function readPresence(text: string): readonly UserPresence[] {
  return listed(JSON.parse(text) as readonly UserPresence[]).map((one) => ({ ...one, nodes: listed(one.nodes) }));
}

/** Lua has one empty table for both a list and an object. */
function listed<T>(list: readonly T[]): readonly T[] {
  return Array.isArray(list) ? list : [];
}
