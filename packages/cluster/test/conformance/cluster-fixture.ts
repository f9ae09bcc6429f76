import assert from "node:assert/strict";
import type { HelloRequest, HomeState, NodeId, PlaceReply, SessionEntry } from "@echoo/core";
import type { StoreUnderTest } from "./store-under-test.ts";

export const installation = { secret: "s", config: "c" };

export function greeting(runId: string, lastRead = "0-0"): HelloRequest {
  return { runId, lastRead, ...installation };
}

/** Short words for what the nodes of a test do. */
export class ClusterFixture {
  readonly store: StoreUnderTest;
  #run = 1;

  constructor(store: StoreUnderTest) {
    this.store = store;
  }

  get scripts() {
    return this.store.scripts;
  }

  /** Nodes that are alive in a store that has settled. */
  async nodes(...names: readonly NodeId[]): Promise<void> {
    for (const name of names) await this.hello(name);
    await this.store.settle();
  }

  async hello(node: NodeId, lastRead?: string): Promise<void> {
    const reply = await this.scripts.hello(node, greeting(`run-${this.#run}`, lastRead));
    assert.equal(reply.code, "ok");
  }

  /** The store's process is another one: what comes next begins an era. */
  restarted(): void {
    this.#run += 1;
  }

  session(node: NodeId, user: string, more = ""): SessionEntry {
    return { user, session: `${node}.${user}${more}`, entry: `{"device":"${user}${more}"}` };
  }

  async joins(node: NodeId, user: string, more = "") {
    const reply = await this.scripts.join(node, this.session(node, user, more));
    assert.ok(reply.code === "ok", reply.code);
    return reply;
  }

  place(node: NodeId, callId: string, caller: string, callee: string, mayRing = true): Promise<PlaceReply> {
    return this.scripts.place(node, { callId, caller, callee, mayRing });
  }

  /** A call that rings, as its home has told it. */
  async rings(node: NodeId, callId: string, caller: string, callee: string): Promise<void> {
    const reply = await this.place(node, callId, caller, callee);
    assert.equal(reply.code, "placed");
    assert.deepEqual(await this.scripts.commit(node, ringing(callId, caller, callee)), { code: "ok" });
  }

  /** One that was answered. */
  async talks(node: NodeId, callId: string, caller: string, callee: string): Promise<void> {
    await this.rings(node, callId, caller, callee);
    assert.deepEqual(await this.scripts.claim(node, callId, callee), { code: "claimed" });
    assert.deepEqual(await this.scripts.commit(node, answered(callId, caller, callee)), { code: "ok" });
  }

  /** All that a node has to read, as the envelopes of the store and the texts of nodes. */
  async mail(node: NodeId, after = "0-0"): Promise<string[]> {
    const entries = await this.store.read(node, after);
    return entries.map(({ text }) => text).filter((text) => !text.includes('"probe"'));
  }

  /** A user's lock, seen from outside: what placing a call comes to. */
  async heldBy(user: string): Promise<string | undefined> {
    await this.hello("prober");
    const callId = `probe-${user}-${this.#probes++}`;
    const reply = await this.place("prober", callId, user, "nobody there");
    return reply.code === "held" ? reply.callId : undefined;
  }
  #probes = 0;
}

export function ringing(callId: string, caller: string, callee: string, more: Partial<HomeState> = {}): HomeState {
  return {
    callId,
    gen: 1,
    rev: 1,
    facts: { caller, callee, state: "ringing", nodes: ["n1", "n2"] },
    fields: { head: `ringing ${callId}`, offer: "sdp" },
    sent: "{}",
    letters: [],
    claims: [],
    ...more,
  };
}

export function answered(callId: string, caller: string, callee: string, more: Partial<HomeState> = {}): HomeState {
  return {
    ...ringing(callId, caller, callee),
    rev: 2,
    facts: { caller, callee, state: "answered", nodes: ["n1", "n2"] },
    fields: { head: `answered ${callId}`, answer: "sdp" },
    ...more,
  };
}

export const over = { tombstone: '{"over":1}', record: '{"record":1}' };
