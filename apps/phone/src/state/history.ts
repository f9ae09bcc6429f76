import { after } from "../platform.ts";
import type { Api, CallRow } from "./api.ts";
import { Cell } from "./cell.ts";

const pageSize = 30;
/** A server stores a call a moment after it ended; it is asked again at these times until it has it. */
const againMs = [300, 1_000, 3_000];

interface HistoryView {
  readonly calls: readonly CallRow[];
  readonly nextCursor: string | undefined;
  readonly unseenMissed: number;
  readonly state: "loading" | "ready" | "failed";
}

/** The recent calls, newest first, page by page. */
export class History {
  readonly view = new Cell<HistoryView>({ calls: [], nextCursor: undefined, unseenMissed: 0, state: "loading" });
  readonly #api: Api;
  #asked = 0;

  constructor(api: Api) {
    this.#api = api;
  }

  find(callId: string): CallRow | undefined {
    return this.view.value.calls.find((call) => call.callId === callId);
  }

  /** Reads the newest page again. Of two readings under way the later one counts. */
  async reload(): Promise<void> {
    const asked = ++this.#asked;
    try {
      const page = await this.#api.calls({ limit: pageSize });
      if (asked !== this.#asked) return;
      const { calls, nextCursor, unseenMissed } = page;
      this.view.set({ calls, nextCursor, unseenMissed, state: "ready" });
    } catch {
      if (asked === this.#asked) this.view.patch({ state: "failed" });
    }
  }

  /** Reads until a call that has just ended is there, or is not going to be. */
  async reloadFor(callId: string): Promise<void> {
    await this.reload();
    for (const delayMs of againMs) {
      if (this.find(callId) !== undefined) return;
      await new Promise<void>((resolve) => void after(delayMs, resolve));
      await this.reload();
    }
  }

  async more(): Promise<void> {
    const { nextCursor, calls } = this.view.value;
    if (nextCursor === undefined) return;
    const asked = ++this.#asked;
    try {
      const page = await this.#api.calls({ limit: pageSize, cursor: nextCursor });
      if (asked === this.#asked) this.view.patch({ calls: [...calls, ...page.calls], nextCursor: page.nextCursor });
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
    this.view.patch({ calls: this.view.value.calls.filter((call) => call.callId !== callId) });
  }
}
