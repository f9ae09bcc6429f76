import type { CallFacts, NodeId } from "@echoo/core";
import { waitingRecordsMax } from "../bounds.ts";
import { MemoryStream } from "./memory-stream.ts";

export interface StoredUser {
  live: string | undefined;
  readonly rings: Set<string>;
  /** Sessions with their entries. */
  readonly sessions: Map<string, string>;
  /** Calls that ended, with when, oldest first. */
  readonly ends: Map<string, number>;
  joins: number;
}

export interface StoredCall {
  home: string;
  gen: number;
  rev: number;
  facts: CallFacts;
  fields: Record<string, string>;
  sent: string;
  tombstone?: string;
  recordId?: string;
  endedAtMs?: number;
}

/** Everything that the store knows: what a dump of it would have. */
export class MemoryData {
  era = { id: "", runId: "", sinceMs: Number.NEGATIVE_INFINITY, secret: "", config: "" };
  /** The last moment of a creation that was given out. */
  createdMs = 0;
  /** How often somebody has looked at who is there. */
  looks = 0;
  readonly nodes = new Map<NodeId, number>();
  readonly dead = new Set<NodeId>();
  readonly users = new Map<string, StoredUser>();
  readonly calls = new Map<string, StoredCall>();
  /** Unfinished calls by their home, which may be no node: one that is handed over. */
  readonly homes = new Map<string, Set<string>>();
  readonly streams = new Map<NodeId, MemoryStream>();
  /** One more than these is not added. */
  records = new MemoryStream(waitingRecordsMax);

  user(name: string): StoredUser {
    const known = this.users.get(name);
    if (known) return known;
    const made: StoredUser = { live: undefined, rings: new Set(), sessions: new Map(), ends: new Map(), joins: 0 };
    this.users.set(name, made);
    return made;
  }

  hold(home: string, callId: string): void {
    const held = this.homes.get(home);
    if (held) held.add(callId);
    else this.homes.set(home, new Set([callId]));
  }

  letGo(home: string, callId: string): void {
    const held = this.homes.get(home);
    held?.delete(callId);
    if (held?.size === 0) this.homes.delete(home);
  }

  /** As it is now, for a loss of what is written after it. */
  copy(): MemoryData {
    return copyOf(this);
  }
}

function copyOf(data: MemoryData): MemoryData {
  const copy = new MemoryData();
  copy.era = { ...data.era };
  copy.createdMs = data.createdMs;
  copy.looks = data.looks;
  for (const [node, beats] of data.nodes) copy.nodes.set(node, beats);
  for (const node of data.dead) copy.dead.add(node);
  for (const [name, { live, rings, sessions, ends, joins }] of data.users) {
    copy.users.set(name, { live, rings: new Set(rings), sessions: new Map(sessions), ends: new Map(ends), joins });
  }
  for (const [id, call] of data.calls) copy.calls.set(id, { ...call, fields: { ...call.fields } });
  for (const [home, ids] of data.homes) copy.homes.set(home, new Set(ids));
  for (const [node, stream] of data.streams) copy.streams.set(node, stream.copy());
  copy.records = data.records.copy();
  return copy;
}
