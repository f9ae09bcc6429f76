import type { Api, CallRow } from "../../state/api.ts";
import { Cell } from "../../state/cell.ts";

const pageSize = 30;

interface MissedView {
  readonly calls: readonly CallRow[];
  readonly nextCursor: string | undefined;
  readonly state: "loading" | "ready" | "failed";
}

/** The missed calls alone, page by page, as the server finds them however many others lie between. */
export class MissedCalls {
  readonly view = new Cell<MissedView>({ calls: [], nextCursor: undefined, state: "loading" });
  readonly #api: Api;
  #asked = 0;

  constructor(api: Api) {
    this.#api = api;
  }

  reload(): Promise<void> {
    return this.#read(undefined, []);
  }

  async more(): Promise<void> {
    const { nextCursor, calls } = this.view.value;
    if (nextCursor !== undefined) await this.#read(nextCursor, calls);
  }

  /** Of two readings under way the later one counts. */
  async #read(cursor: string | undefined, before: readonly CallRow[]): Promise<void> {
    const asked = ++this.#asked;
    try {
      const page = await this.#api.missedCalls({ limit: pageSize, ...(cursor === undefined ? {} : { cursor }) });
      if (asked !== this.#asked) return;
      this.view.set({ calls: [...before, ...page.calls], nextCursor: page.nextCursor, state: "ready" });
    } catch {
      if (asked === this.#asked) this.view.patch({ state: "failed" });
    }
  }
}
