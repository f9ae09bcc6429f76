import type { JournalBatch } from "@echoo/core";
import { MemoryJournal } from "@echoo/testkit";
import type { Call, UnfinishedCall } from "../../src/call/call.ts";

/** A journal at whose next commit the process can die, just before it is written or just after. */
export class CrashingJournal extends MemoryJournal {
  /** The calls as they were committed, which is what counts. */
  readonly live = new Map<string, UnfinishedCall>();
  readonly ended = new Map<string, string>();
  commits = 0;
  /** Calls that were changed after their end, or ended with a second reason. */
  readonly resurrected: string[] = [];
  #crash: { readonly when: "before" | "after"; readonly die: () => void } | undefined;
  #isDead = false;

  crashAtNextCommit(when: "before" | "after", die: () => void): void {
    this.#crash = { when, die };
  }

  disarm(): void {
    this.#crash = undefined;
  }

  override commit(batch: JournalBatch): void {
    if (this.#isDead) return;
    const crash = this.#crash;
    this.#crash = undefined;
    if (crash) {
      this.#isDead = true;
      crash.die();
    }
    if (crash?.when === "before") return;
    super.commit(batch);
    this.commits += 1;
    for (const { callId } of batch.live) {
      if (this.ended.has(callId)) this.resurrected.push(callId);
      const body = this.bodyOf(callId);
      if (body !== undefined) this.live.set(callId, JSON.parse(body) as UnfinishedCall);
    }
    for (const { tombstone } of batch.ended) {
      const call = JSON.parse(tombstone.body) as Call & { state: "ended" };
      const known = this.ended.get(call.id);
      if (known !== undefined && known !== call.endReason) this.resurrected.push(call.id);
      this.live.delete(call.id);
      this.ended.set(call.id, call.endReason);
    }
  }

  /** What is remembered of calls that are over, as it was committed. */
  tombstones(): readonly string[] {
    return super.load().ended.map(({ body }) => body);
  }

  override load() {
    this.#isDead = false;
    return super.load();
  }
}
