import type { Api, CallRow } from "./api.ts";
import { Cell } from "./cell.ts";

const pageSize = 30;

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

  /** Reads the newest page again. Of two readings under way the later one counts. */
  async reload(): Promise<void> {
    const asked = ++this.#asked;
    try {
      const page = await this.#api.calls({ limit: pageSize });
      if (asked !== this.#asked) return;
      this.view.set({
        calls: page.calls,
        nextCursor: page.nextCursor,
        unseenMissed: page.unseenMissed,
        state: "ready",
      });
    } catch {
      if (asked === this.#asked) this.view.patch({ state: "failed" });
    }
  }

  async more(): Promise<void> {
    const { nextCursor, calls } = this.view.value;
    if (nextCursor === undefined) return;
    const asked = ++this.#asked;
    const page = await this.#api.calls({ limit: pageSize, cursor: nextCursor });
    if (asked !== this.#asked) return;
    this.view.patch({ calls: [...calls, ...page.calls], nextCursor: page.nextCursor });
  }

  /** The missed calls were looked at: no longer counted, here and on the other devices. */
  async markSeen(): Promise<void> {
    if (this.view.value.unseenMissed === 0) return;
    this.view.patch({ unseenMissed: 0 });
    await this.#api.markSeen().catch(() => undefined);
  }

  async hide(callId: string): Promise<void> {
    await this.#api.hideCall(callId);
    this.view.patch({ calls: this.view.value.calls.filter((call) => call.callId !== callId) });
  }
}
