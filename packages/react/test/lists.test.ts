import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { EchooClient, type EchooRest } from "@echoo/client";
import { HistoryStore, maxCalls } from "../src/stores/history-store.ts";
import { presenceStore } from "../src/stores/presence-store.ts";

const aClient = () => new EchooClient({ url: "wss://calls.example.org/ws", userId: "5551234567" });

/** A server with more calls than a page shows. */
function endlessHistory() {
  let pages = 0;
  const listCalls = async () => {
    pages += 1;
    return {
      calls: Array.from({ length: 100 }, (_, index) => ({ callId: `${pages}-${index}` })),
      nextCursor: `${pages}`,
    };
  };
  return { asked: () => pages, rest: { listCalls } as unknown as EchooRest };
}

describe("what hooks read from the server", () => {
  it("shows a thousand past calls, page by page, and then asks for no older ones", async () => {
    const { rest, asked } = endlessHistory();
    const store = new HistoryStore(rest, aClient());
    await store.refresh();
    while (store.hasMore) await store.more();
    assert.equal(store.list.read().items.length, maxCalls);
    const before = asked();
    await store.more();
    assert.equal(asked(), before);
    assert.equal(store.list.read().items.length, maxCalls);
  });

  it("keeps what is shown where the server cannot be asked again, and says why", async () => {
    const { rest } = endlessHistory();
    const store = new HistoryStore(rest, aClient());
    await store.refresh();
    const failure = new Error("There is no connection.");
    Object.assign(rest, { listCalls: () => Promise.reject(failure) });
    await store.refresh();
    const { items, isLoading, error } = store.list.read();
    assert.deepEqual([items.length, isLoading, error], [100, false, failure]);
  });

  it("watches a user until the last component is gone that shows them, and those past 200 not at all", () => {
    const client = aClient();
    const [watched, unwatched]: string[][] = [[], []];
    const [watch, unwatch] = [client.watch.bind(client), client.unwatch.bind(client)];
    client.watch = (users) => {
      watch(users);
      watched?.push(...users);
    };
    client.unwatch = (users) => {
      unwatch(users);
      unwatched?.push(...users);
    };
    const many = Array.from({ length: 200 }, (_, index) => String(5_550_000 + index));
    const stops = [many, many.slice(0, 1)].map((users) => presenceStore(client, users).subscribe(() => {}));
    const onePast = presenceStore(client, ["5559999"]).subscribe(() => {});
    assert.equal(watched?.includes("5559999"), false);
    onePast();
    stops[0]?.();
    assert.equal(unwatched?.includes("5550000"), false);
    stops[1]?.();
    assert.equal(unwatched?.filter((user) => user === "5550000").length, 1);
  });
});
