import type { EchooClient, EchooRest } from "@echoo/client";
import { FetchedList, type ListView } from "./fetched-list.ts";

type PastCall = Awaited<ReturnType<EchooRest["listCalls"]>>["calls"][number];

export interface HistoryView extends ListView<PastCall> {
  readonly calls: readonly PastCall[];
}

export interface History extends HistoryView {
  /** Whether `more` would ask the server for older ones. */
  readonly hasMore: boolean;
  refresh(): Promise<void>;
  more(): Promise<void>;
}

/** So many calls are kept in a page; those beyond are older, and asked for by `more` no further. */
export const maxCalls = 1_000;

/** A user's calls, newest first, read again when one of them ends or could not ring. */
export class HistoryStore {
  readonly list: FetchedList<PastCall>;
  readonly #rest: EchooRest;
  readonly #phone: string;
  #cursor: string | undefined;

  constructor(rest: EchooRest, client: EchooClient) {
    this.#rest = rest;
    this.#phone = client.userId;
    this.list = new FetchedList(() => {
      void this.refresh();
      const stops = [
        client.on("call", (call) => call.state === "ended" && void this.refresh()),
        client.on("missed", () => void this.refresh()),
      ];
      return () => {
        for (const stop of stops) stop();
      };
    });
  }

  get hasMore(): boolean {
    return this.#cursor !== undefined && this.list.read().items.length < maxCalls;
  }

  readonly refresh = (): Promise<void> => this.list.load(async () => (await this.#page(undefined)).calls);

  readonly more = async (): Promise<void> => {
    const cursor = this.#cursor;
    if (cursor === undefined || !this.hasMore) return;
    await this.list.load(async (before) => [...before, ...(await this.#page(cursor)).calls]);
  };

  async #page(cursor: string | undefined) {
    const query = cursor === undefined ? {} : { cursor };
    const page = await this.#rest.listCalls({ params: { phone: this.#phone }, query });
    this.#cursor = page.nextCursor ?? undefined;
    return page;
  }
}
