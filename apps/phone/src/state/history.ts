import { codeOf } from "../i18n/sentence-for.ts";
import { after } from "../platform.ts";
import type { Api, CallRow } from "./api.ts";
import { Cell } from "./cell.ts";
import { catchUpPages, hasGap, type KnownCalls, openedCalls, withCall, withNewest, withOlder } from "./merge-calls.ts";

const pageSize = 30;
/** A server stores a call a moment after it ended; it is asked again at these times until it has it. */
const againMs = [300, 1_000, 3_000];

interface HistoryView extends KnownCalls {
  readonly unseenMissed: number;
  readonly state: "loading" | "ready" | "failed";
  /** Older calls than those in the list, each asked for by itself. */
  readonly opened: readonly CallRow[];
}

const nothing: KnownCalls = { calls: [], nextCursor: undefined };

/** What came of asking for one call: `failed` says nothing of whether there is such a call. */
export type Opened = "here" | "gone" | "failed";

type HistoryApi = Pick<Api, "call" | "calls" | "hideCall" | "markSeen">;

/** The recent calls, newest first, page by page. What was loaded once stays, whatever comes on top of it. */
export class History {
  readonly view = new Cell<HistoryView>({
    calls: [],
    nextCursor: undefined,
    unseenMissed: 0,
    state: "loading",
    opened: [],
  });
  readonly #api: HistoryApi;
  /** Calls that ended a moment ago, which the server is about to store. */
  readonly #awaited = new Set<string>();
  #asked = 0;

  constructor(api: HistoryApi) {
    this.#api = api;
  }

  find(callId: string): CallRow | undefined {
    const { calls, opened } = this.view.value;
    return calls.find((call) => call.callId === callId) ?? opened.find((call) => call.callId === callId);
  }

  /** Reads the newest calls again. Of two readings under way the later one counts. */
  async reload(): Promise<void> {
    const asked = ++this.#asked;
    try {
      const { newest, unseenMissed } = await this.#newest();
      if (asked !== this.#asked) return;
      // Further away than that, what is known would stand right behind what it does not follow.
      const known = hasGap(newest, this.view.value) ? nothing : this.view.value;
      const { calls, nextCursor } = withNewest(newest, known);
      // Marked as seen here or on another device, which the pages further down tell too late.
      const shown = unseenMissed > 0 ? calls : calls.map((call) => (call.seen ? call : { ...call, seen: true }));
      this.view.patch({ calls: shown, nextCursor, unseenMissed, state: "ready" });
    } catch {
      if (asked === this.#asked) this.view.patch({ state: "failed" });
    }
  }

  /** As many pages as it takes to reach what is known. */
  async #newest(): Promise<{ readonly newest: KnownCalls; readonly unseenMissed: number }> {
    const { calls, nextCursor, unseenMissed } = await this.#api.calls({ limit: pageSize });
    let newest: KnownCalls = { calls, nextCursor };
    for (let page = 1; page < catchUpPages && hasGap(newest, this.view.value); page++) {
      newest = withOlder(newest, await this.#page(newest.nextCursor));
    }
    return { newest, unseenMissed };
  }

  #page(cursor: string | undefined) {
    return this.#api.calls({ limit: pageSize, ...(cursor === undefined ? {} : { cursor }) });
  }

  /** Reads until a call that has just ended is there, or is not going to be. */
  async reloadFor(callId: string): Promise<void> {
    this.#awaited.add(callId);
    await this.reload();
    for (const delayMs of againMs) {
      if (this.find(callId) !== undefined) break;
      await wait(delayMs);
      await this.reload();
    }
    this.#awaited.delete(callId);
  }

  /** Reads one call as it is now, whether or not it is among those in the list. */
  async open(callId: string): Promise<Opened> {
    for (const delayMs of this.#awaited.has(callId) ? [0, ...againMs] : [0]) {
      if (delayMs > 0) await wait(delayMs);
      try {
        this.#put(await this.#api.call(callId));
        return "here";
      } catch (error) {
        if (codeOf(error) !== "unknown_call") return this.find(callId) === undefined ? "failed" : "here";
      }
    }
    this.#forget(callId);
    return "gone";
  }

  #put(call: CallRow): void {
    const merged = withCall(this.view.value, call);
    const others = this.view.value.opened.filter(({ callId }) => callId !== call.callId);
    this.view.patch(merged ?? { opened: [...others, call].slice(-openedCalls) });
  }

  #forget(callId: string): void {
    const { calls, opened } = this.view.value;
    const isOther = (call: CallRow) => call.callId !== callId;
    this.view.patch({ calls: calls.filter(isOther), opened: opened.filter(isOther) });
  }

  async more(): Promise<void> {
    const { nextCursor } = this.view.value;
    if (nextCursor === undefined) return;
    try {
      const page = await this.#page(nextCursor);
      // Newer calls may have come meanwhile, or the same page by another press.
      if (this.view.value.nextCursor === nextCursor) this.view.patch(withOlder(this.view.value, page));
    } catch {
      this.view.patch({ state: "failed" });
    }
  }

  /** The missed calls were looked at: no longer counted, here and on the other devices. */
  async markSeen(): Promise<void> {
    if (this.view.value.unseenMissed === 0) return;
    this.view.patch({ unseenMissed: 0 });
    // Failing to say so costs no more than seeing them counted again.
    await this.#api.markSeen().catch(() => undefined);
  }

  async hide(callId: string): Promise<void> {
    await this.#api.hideCall(callId);
    this.#forget(callId);
  }
}

function wait(delayMs: number): Promise<void> {
  return new Promise((resolve) => void after(delayMs, resolve));
}
