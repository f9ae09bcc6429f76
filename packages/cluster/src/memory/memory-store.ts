import {
  type AdoptReply,
  type BeatReply,
  type CallEnd,
  type CallFacts,
  type ClaimReply,
  type CommitReply,
  type Entry,
  type Fence,
  type FindReply,
  type HelloReply,
  type HelloRequest,
  type HomeState,
  type JoinReply,
  type Letter,
  type NodeId,
  type PlaceReply,
  type PlaceRequest,
  type Scripts,
  type SessionEntry,
  type StoreEnvelope,
  settlingMs,
  type UserPresence,
  type WaitingRecord,
} from "@echoo/core";
import { sessionsPerUserMax, waitingRecordsMax } from "../bounds.ts";
import { nodeOf } from "../node-of.ts";
import { MemoryData, type StoredCall, type StoredUser } from "./memory-data.ts";
import { rememberEnd } from "./memory-ends.ts";
import { awaySession, devicesOf, isInTheWay, placeOf, release, rings } from "./memory-locks.ts";
import { joined, lookAt, placeIn, waitingSince } from "./memory-reads.ts";
import { MemoryStream } from "./memory-stream.ts";

/**
 * The store of several nodes that share a process: for tests, and the reference that the scripts of Redis are held to.
 * Everything is one step because nothing in it waits.
 */
export class MemoryStore implements Scripts {
  data = new MemoryData();
  readonly #nowMs: () => number;
  readonly #appended: (node: NodeId) => void;
  readonly #announced: (presence: readonly UserPresence[]) => void;

  /** `appended` is told that a node has something to read, `announced` what all are told. */
  constructor(
    nowMs: () => number,
    appended: (node: NodeId) => void = () => {},
    announced: (presence: readonly UserPresence[]) => void = () => {},
  ) {
    this.#nowMs = nowMs;
    this.#appended = appended;
    this.#announced = announced;
  }

  hello(node: NodeId, { runId, lastRead, secret, config }: HelloRequest): HelloReply {
    const { data } = this;
    if (data.dead.has(node)) return { code: "buried" };
    if (data.era.runId !== runId) {
      data.era = { ...data.era, id: `${runId}@${this.#nowMs()}`, runId, sinceMs: this.#nowMs() };
    }
    const others = data.nodes.size - (data.nodes.has(node) ? 1 : 0);
    // What must be the same on all nodes is what the first of them has; where none is left it may change.
    if (others === 0) data.era = { ...data.era, secret, config };
    data.era.secret ||= secret;
    data.era.config ||= config;
    if (data.era.secret !== secret) return { code: "differs", what: "secret" };
    if (data.era.config !== config) return { code: "differs", what: "config" };
    data.nodes.set(node, (data.nodes.get(node) ?? 0) + 1);
    this.#streamOf(node).goOnAfter(lastRead);
    return { code: "ok", era: data.era.id, isSettling: this.#isSettling(), timeMs: this.#nowMs() };
  }

  beat(node: NodeId): BeatReply {
    const fence = this.#fence(node);
    if (fence) return fence;
    const { data } = this;
    data.nodes.set(node, (data.nodes.get(node) ?? 0) + 1);
    this.#append(node, { kind: "probe" });
    return {
      code: "ok",
      nodes: Object.fromEntries(data.nodes),
      orphaned: [...data.homes.keys()].filter((home) => !data.nodes.has(home)).sort(),
      era: data.era.id,
      isSettling: this.#isSettling(),
      timeMs: this.#nowMs(),
      waitingRecords: data.records.length,
    };
  }

  bury(_by: NodeId, node: NodeId, seenBeat: number | "own"): boolean {
    const { data } = this;
    if (data.dead.has(node) || (seenBeat !== "own" && data.nodes.get(node) !== seenBeat)) return false;
    data.dead.add(node);
    data.nodes.delete(node);
    data.streams.delete(node);
    for (const other of data.nodes.keys()) this.#append(other, { kind: "buried", node });
    return true;
  }

  join(node: NodeId, { user, session, entry }: SessionEntry): JoinReply {
    const fence = this.#fence(node);
    if (fence) return fence;
    const known = this.data.user(user);
    for (const other of known.sessions.keys()) if (this.data.dead.has(nodeOf(other))) known.sessions.delete(other);
    if (!known.sessions.has(session) && known.sessions.size >= sessionsPerUserMax) return { code: "full" };
    known.sessions.set(session, entry);
    known.joins += 1;
    return joined(this.data, known, this.#nowMs());
  }

  leave(_node: NodeId, user: string, session: string): void {
    this.data.users.get(user)?.sessions.delete(session);
  }

  presenceOf(users: readonly string[]): readonly UserPresence[] {
    return lookAt(this.data, users);
  }

  announce(users: readonly string[]): void {
    this.#announced(this.presenceOf(users));
  }

  place(node: NodeId, request: PlaceRequest): PlaceReply {
    const fence = this.#fence(node);
    if (fence) return fence;
    if (this.#isSettling()) return { code: "settling" };
    const { callId, caller, callee, mayRing } = request;
    const used = this.data.calls.get(callId);
    if (used) return { code: "used", hasEnded: used.tombstone !== undefined, callId, home: used.home, gen: used.gen };
    const [own, other] = [this.data.user(caller), this.data.user(callee)];
    if (own.live !== undefined) return { code: "held", ...(placeIn(this.data, own.live) ?? { callId: own.live }) };
    const live = other.live === undefined ? undefined : this.data.calls.get(other.live);
    if (live && rings(live, callee, caller)) return { code: "glare", ...placeOf(other.live ?? "", live) };
    const away = live && awaySession(live, callee);
    const devices = devicesOf(this.data, callee, other).filter(({ session }) => session !== away);
    const isCalleeLive = other.live !== undefined && (away === undefined || devices.length === 0);
    const createdAtMs = this.#created();
    if (!mayRing || isCalleeLive || devices.length === 0) {
      return { code: "notRung", createdAtMs, isCalleeLive, devices };
    }
    own.live = callId;
    other.rings.add(callId);
    const facts: CallFacts = { caller, callee, state: "ringing", nodes: [] };
    this.data.calls.set(callId, { home: node, gen: 1, rev: 0, facts, fields: {}, sent: "{}" });
    this.data.hold(node, callId);
    this.#takeRings(own, callId);
    return { code: "placed", createdAtMs, devices };
  }

  abandon(node: NodeId, callId: string): boolean {
    const call = this.data.calls.get(callId);
    if (call?.home !== node || call.rev > 0) return false;
    release(this.data, callId, call);
    this.data.calls.delete(callId);
    return true;
  }

  finishAtOnce(
    node: NodeId,
    { callId, caller, callee, ...end }: { readonly callId: string } & CallEnd & Pick<CallFacts, "caller" | "callee">,
  ): CommitReply {
    const fence = this.#fence(node);
    if (fence) return fence;
    const known = this.data.calls.get(callId);
    if (known) return known.home === node && known.tombstone === end.tombstone ? ended(known) : { code: "fenced" };
    const facts: CallFacts = { caller, callee, state: "ringing", nodes: [] };
    const call: StoredCall = { home: node, gen: 1, rev: 1, facts, fields: {}, sent: "{}" };
    this.data.calls.set(callId, call);
    return this.#end(callId, call, end);
  }

  claim(node: NodeId, callId: string, user: string): ClaimReply {
    const fence = this.#fence(node);
    if (fence) return fence;
    if (this.#isSettling()) return { code: "settling" };
    const call = this.data.calls.get(callId);
    if (call?.home !== node) return { code: "fenced" };
    if (call.tombstone !== undefined) return { code: "ended" };
    const known = this.data.user(user);
    if (known.live !== undefined && known.live !== callId) {
      const live = this.data.calls.get(known.live);
      const isAway = live !== undefined && awaySession(live, user) !== undefined;
      return { code: "locked", ...(placeIn(this.data, known.live) ?? { callId: known.live }), isAway };
    }
    known.live = callId;
    this.#takeRings(known, callId);
    return { code: "claimed" };
  }

  unclaim(node: NodeId, callId: string, user: string): void {
    const call = this.data.calls.get(callId);
    if (call?.home !== node || call.facts.state !== "ringing" || call.facts.caller === user) return;
    const known = this.data.user(user);
    if (known.live === callId) known.live = undefined;
  }

  commit(node: NodeId, state: HomeState): CommitReply {
    const fence = this.#fence(node);
    if (fence) return fence;
    const { callId, gen, rev, facts } = state;
    const call = this.data.calls.get(callId);
    if (!call) return { code: "missing" };
    if (call.home !== node || call.gen !== gen) return { code: "fenced" };
    if (rev <= call.rev || call.tombstone !== undefined) return ended(call);
    if (facts.state === "answered" && !state.end) {
      const callee = this.data.user(facts.callee);
      if (callee.live !== undefined && callee.live !== callId) return this.#conflict();
      callee.live = callId;
    }
    call.rev = rev;
    call.fields = { ...call.fields, ...state.fields };
    return this.#written(callId, call, state);
  }

  restore(node: NodeId, state: HomeState): CommitReply {
    const fence = this.#fence(node);
    if (fence) return fence;
    const { callId, gen, rev, facts } = state;
    const known = this.data.calls.get(callId);
    if (known && (known.gen > gen || (known.gen === gen && known.home !== node))) return { code: "fenced" };
    if (known && known.gen === gen && known.rev >= rev) return ended(known);
    if (known && known.tombstone !== undefined && !state.end) return { code: "fenced" };
    const [caller, callee] = [this.data.user(facts.caller), this.data.user(facts.callee)];
    if (!state.end && isInTheWay(this.data, callId, facts, caller, callee)) return this.#conflict();
    if (known) this.data.letGo(known.home, callId);
    const call: StoredCall = { home: node, gen, rev, facts, fields: { ...state.fields }, sent: state.sent };
    this.data.calls.set(callId, call);
    if (!state.end) {
      this.data.hold(node, callId);
      caller.live = callId;
      if (facts.state === "answered") callee.live = callId;
      else if (callee.live === callId) callee.live = undefined;
      if (facts.state === "ringing") callee.rings.add(callId);
    }
    return this.#written(callId, call, state);
  }

  adopt(node: NodeId, callId: string): AdoptReply {
    const fence = this.#fence(node);
    if (fence) return fence;
    if (this.#isSettling()) return { code: "wait" };
    const call = this.data.calls.get(callId);
    if (!call || call.tombstone !== undefined) return { code: "gone" };
    if (call.home !== node && this.data.nodes.has(call.home)) return { code: "held", ...placeOf(callId, call) };
    if (call.rev === 0) {
      release(this.data, callId, call);
      this.data.calls.delete(callId);
      return { code: "gone" };
    }
    this.data.letGo(call.home, callId);
    this.data.hold(node, callId);
    call.home = node;
    call.gen += 1;
    const { facts, gen, rev, fields, sent } = call;
    for (const other of new Set(facts.nodes)) {
      if (other !== node) this.#append(other, { kind: "adopted", callId, home: node, gen });
    }
    const live = this.data.users.get(facts.callee)?.live;
    const isCalleeTaken = facts.state === "ringing" && live !== undefined && live !== callId;
    return { code: "adopted", gen, rev, facts, fields: { ...fields }, sent, isCalleeTaken };
  }

  handOver(
    node: NodeId,
    at: { readonly callId: string; readonly gen: number; readonly rev: number },
    to: NodeId,
  ): boolean {
    const call = this.data.calls.get(at.callId);
    const isSame = call?.home === node && call.gen === at.gen && call.rev === at.rev && call.tombstone === undefined;
    if (this.#fence(node) || !isSame || !this.data.nodes.has(to)) return false;
    this.data.letGo(node, at.callId);
    call.home = `handed:${to}`;
    this.data.hold(call.home, at.callId);
    this.#append(to, { kind: "take", callId: at.callId });
    return true;
  }

  find(callId: string): FindReply {
    const call = this.data.calls.get(callId);
    if (call && call.tombstone === undefined) return { code: "held", ...placeOf(callId, call) };
    if (call) return { code: "ended" };
    return { code: this.#isSettling() ? "wait" : "gone" };
  }

  callsOf(home: NodeId): readonly string[] {
    return [...(this.data.homes.get(home) ?? [])].sort();
  }

  tell(node: NodeId, letter: Letter): { readonly code: "ok" | "dead" } | Fence {
    const fence = this.#fence(node);
    if (fence) return fence;
    if (!this.data.nodes.has(letter.to)) return { code: "dead" };
    this.#post(letter);
    return { code: "ok" };
  }

  tellAll(node: NodeId, text: string): { readonly code: "ok" } | Fence {
    const fence = this.#fence(node);
    if (fence) return fence;
    for (const to of this.data.nodes.keys()) if (to !== node) this.#post({ to, text });
    return { code: "ok" };
  }

  waitingRecords(olderThanMs: number, atMost: number): readonly WaitingRecord[] {
    return waitingSince(this.data, this.#nowMs() - olderThanMs).slice(0, atMost);
  }

  recordsStored(ids: readonly string[]): void {
    this.data.records.remove(new Set(ids));
  }

  /** Everything is lost, or what came after a copy. */
  loseTo(kept: MemoryData | undefined): void {
    this.data = kept?.copy() ?? new MemoryData();
  }

  /** What a node has still to read. */
  read(node: NodeId, after: string): readonly Entry[] {
    return this.data.streams.get(node)?.after(after) ?? [];
  }

  trim(node: NodeId, upTo: string): void {
    this.data.streams.get(node)?.trimUpTo(upTo);
  }

  #written(callId: string, call: StoredCall, state: HomeState): CommitReply {
    const { facts } = state;
    call.facts = facts;
    call.sent = state.sent;
    if (facts.state === "answered") this.data.user(facts.callee).rings.delete(callId);
    for (const letter of state.letters) this.#post(letter);
    for (const user of state.claims) this.#takeRings(this.data.user(user), callId);
    return state.end ? this.#end(callId, call, state.end) : { code: "ok" };
  }

  #end(callId: string, call: StoredCall, { tombstone, record }: CallEnd): CommitReply {
    release(this.data, callId, call);
    call.tombstone = tombstone;
    call.endedAtMs = this.#nowMs();
    call.fields = {};
    for (const user of [call.facts.caller, call.facts.callee]) {
      rememberEnd(this.data.user(user), callId, this.#nowMs());
    }
    if (record !== undefined && this.data.records.length < waitingRecordsMax) {
      call.recordId = this.data.records.add(record, this.#nowMs());
    }
    return ended(call);
  }

  /** While it settles, what is in the way may be a call whose end was lost, and is on its way back. */
  #conflict(): CommitReply {
    return { code: this.#isSettling() ? "wait" : "conflict" };
  }

  #takeRings(user: StoredUser, but: string): void {
    for (const callId of [...user.rings].sort()) {
      const ring = this.data.calls.get(callId);
      if (callId !== but && ring) this.#append(ring.home, { kind: "taken", callId });
    }
  }

  #created(): number {
    this.data.createdMs = Math.max(this.#nowMs(), this.data.createdMs + 1);
    return this.data.createdMs;
  }

  #fence(node: NodeId): Fence | undefined {
    if (this.data.dead.has(node)) return { code: "buried" };
    return this.data.nodes.has(node) ? undefined : { code: "unknown" };
  }

  #isSettling(): boolean {
    return this.#nowMs() < this.data.era.sinceMs + settlingMs;
  }

  #append(to: NodeId, envelope: StoreEnvelope): void {
    this.#post({ to, text: JSON.stringify(envelope) });
  }

  #post({ to, text }: Letter): void {
    if (!this.data.nodes.has(to)) return;
    this.#streamOf(to).add(text, this.#nowMs());
    this.#appended(to);
  }

  #streamOf(node: NodeId): MemoryStream {
    const known = this.data.streams.get(node);
    if (known) return known;
    const made = new MemoryStream();
    this.data.streams.set(node, made);
    return made;
  }
}

function ended({ recordId }: StoredCall): CommitReply {
  return recordId === undefined ? { code: "ok" } : { code: "ok", recordId };
}
