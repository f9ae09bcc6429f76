import { createHash } from "node:crypto";
import { type CallRecord, type EndedCall, type OutboxGroup, type Store, StoreUnavailable } from "@echoo/core";

/** Calls whose parties are remembered for the statistics that come of them; past it the oldest are looked up again. */
export const rememberedCallsMax = 10_000;

type Parties = readonly [caller: string, callee: string];

/**
 * What can be found out about a group only where the store is. An offer waits for no database, so a call may have the
 * id of one that was stored long ago, and its callee may have been unknown then.
 */
export class GroupSettler {
  readonly #store: Store;
  /** The parties of calls that were stored before anything came of them. */
  readonly #stored = new Map<string, Parties | undefined>();

  constructor(store: Store) {
    this.#store = store;
  }

  /** The group without statistics of a user who is no party: they are not put to a stored call of that id. */
  async settle(group: OutboxGroup): Promise<OutboxGroup> {
    const records: EndedCall[] = [];
    const seqOf = new Map(group.seqOf);
    for (const record of group.records) {
      const settled = record.calleeUnknown ? await this.#settled(record) : record;
      records.push(settled);
      seqOf.set(settled, group.seqOf.get(record) ?? 0);
    }
    const samples = await this.#ofParties(group.samples);
    const reported = await this.#ofParties(group.reported);
    return { ...group, records, samples, reported, seqOf };
  }

  /** A call whose id another call has is stored under one of its own: no record is changed, and none is lost. */
  async record(records: readonly EndedCall[]): Promise<void> {
    const others = await this.#store.calls.record(records);
    if (others.length > 0) await this.#store.calls.record(others.map((call) => ({ ...call, callId: ownId(call) })));
  }

  async #settled({ calleeUnknown: _unknown, ...record }: CallRecord): Promise<EndedCall> {
    const { users, blocks } = this.#store;
    try {
      const [callee, blocked] = await Promise.all([users.find(record.callee), blocks.list(record.callee)]);
      const isBlocked = blocked.some((one) => one.blocked === record.caller && one.createdAtMs <= record.createdAtMs);
      if (isBlocked) return { ...record, callerOnly: true };
      return callee?.doNotDisturb ? { ...record, endReason: "do_not_disturb" } : record;
    } catch (error) {
      if (error instanceof StoreUnavailable) throw error;
      // A store that is there and cannot tell: a missed call less is better than one by a blocked caller.
      return { ...record, callerOnly: true };
    }
  }

  async #ofParties<T extends { readonly callId: string; readonly reporter: string }>(
    entries: readonly T[],
  ): Promise<readonly T[]> {
    const kept: T[] = [];
    for (const entry of entries) {
      const parties = await this.#partiesOf(entry.callId);
      if (!parties || parties.includes(entry.reporter)) kept.push(entry);
    }
    return kept;
  }

  async #partiesOf(callId: string): Promise<Parties | undefined> {
    if (this.#stored.has(callId)) return this.#stored.get(callId);
    const parties = await this.#find(callId);
    this.#stored.set(callId, parties);
    const [oldest] = this.#stored.keys();
    if (this.#stored.size > rememberedCallsMax && oldest !== undefined) this.#stored.delete(oldest);
    return parties;
  }

  async #find(callId: string): Promise<Parties | undefined> {
    try {
      const call = await this.#store.calls.find(callId);
      return call && [call.caller, call.callee];
    } catch (error) {
      // What cannot be read is no more in the way here than when it is written: the entry itself is tried.
      if (error instanceof StoreUnavailable) throw error;
      return undefined;
    }
  }
}

/** The same each time, so that a call which is stored again after a crash is the same one. It looks like a UUID. */
function ownId({ callId, createdAtMs }: EndedCall): string {
  const hex = createHash("sha256")
    .update(JSON.stringify([callId, createdAtMs]))
    .digest("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `a${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    "-",
  );
}
