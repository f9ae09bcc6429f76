import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import type { CallRow } from "../src/state/api.ts";

// The page chooses its sentences by the languages of the browser, of which there is none here.
Object.defineProperty(globalThis, "navigator", { value: { languages: ["en"] }, configurable: true });
const { History } = await import("../src/state/history.ts");

const row = (number: number): CallRow =>
  ({
    callId: `call-${String(number).padStart(4, "0")}`,
    startTime: new Date(Date.UTC(2026, 0, 1) + number * 60_000).toISOString(),
    seen: false,
  }) as CallRow;

/** A server with so many calls, the newest of which has the highest number. */
class Calls {
  newest: number;
  unseenMissed = 1;
  readonly gone = new Set<string>();
  readonly asked: string[] = [];
  readonly askedFor: string[] = [];
  /** Ends the next request so. */
  fault: unknown;

  constructor(newest: number) {
    this.newest = newest;
  }

  #all(): CallRow[] {
    return Array.from({ length: this.newest }, (_, i) => row(this.newest - i)).filter(
      ({ callId }) => !this.gone.has(callId),
    );
  }

  calls = async ({ limit, cursor }: { readonly limit: number; readonly cursor?: string }) => {
    this.asked.push(cursor ?? "newest");
    if (this.fault !== undefined) throw this.fault;
    const from = cursor === undefined ? 0 : this.#all().findIndex(({ callId }) => callId < cursor);
    const calls = from < 0 ? [] : this.#all().slice(from, from + limit);
    const isLast = from < 0 || from + limit >= this.#all().length;
    const last = calls.at(-1)?.callId;
    return { calls, unseenMissed: this.unseenMissed, nextCursor: isLast ? undefined : last };
  };

  call = async (callId: string) => {
    this.askedFor.push(callId);
    if (this.fault !== undefined) throw this.fault;
    const found = this.#all().find((call) => call.callId === callId);
    if (found === undefined) throw Object.assign(new Error("no such call"), { code: "unknown_call" });
    return found;
  };

  markSeen = async () => {};
  hideCall = async (callId: string) => void this.gone.add(callId);
}

async function opened(newest: number, pages: number) {
  const server = new Calls(newest);
  const history = new History(server);
  await history.reload();
  for (let page = 1; page < pages; page++) await history.more();
  const shown = () => history.view.value.calls.map(({ callId }) => Number(callId.slice(5)));
  return { server, history, shown };
}

const down = (from: number, to: number) => Array.from({ length: from - to + 1 }, (_, i) => from - i);

function withClock(t: TestContext): () => Promise<void> {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  return async () => {
    for (let turn = 0; turn < 50; turn++) await Promise.resolve();
    t.mock.timers.tick(3_000);
  };
}

describe("the calls that are shown", () => {
  it("stay, with a new one on top, and what follows them follows still", async () => {
    const { server, history, shown } = await opened(95, 3);
    assert.deepEqual(shown(), down(95, 6));
    server.newest = 96;
    await history.reload();
    assert.deepEqual(shown(), down(96, 6));
    await history.more();
    assert.deepEqual(shown(), down(96, 1));
    assert.equal(history.view.value.nextCursor, undefined);
  });

  it("have no gap after a long absence", async () => {
    const { server, history, shown } = await opened(95, 2);
    server.newest = 195;
    await history.reload();
    assert.deepEqual(shown(), down(195, 36));
  });

  it("begin anew where more came than ten pages, rather than with a gap", async () => {
    const { server, history, shown } = await opened(95, 2);
    server.newest = 396;
    await history.reload();
    assert.deepEqual(shown(), down(396, 97));
    await history.more();
    assert.deepEqual(shown(), down(396, 67));
  });

  it("lose what the server does not name any more, and are marked as seen further down as well", async () => {
    const { server, history, shown } = await opened(65, 2);
    server.gone.add(row(64).callId);
    server.unseenMissed = 0;
    await history.reload();
    assert.deepEqual(shown(), [65, ...down(63, 6)]);
    assert.ok(history.view.value.calls.every(({ seen }) => seen));
  });

  it("stay where they cannot be read again, and two presses for more give each call once", async () => {
    const { server, history, shown } = await opened(95, 1);
    await Promise.all([history.more(), history.more()]);
    assert.deepEqual(shown(), down(95, 36));
    server.fault = new Error("offline");
    await history.reload();
    assert.deepEqual([history.view.value.state, shown().length], ["failed", 60]);
  });
});

describe("a call that is opened by its address", () => {
  it("is asked for by itself, whatever the list has, and does not stand in the list out of its place", async () => {
    const { server, history, shown } = await opened(95, 1);
    assert.equal(await history.open(row(3).callId), "here");
    assert.equal(history.find(row(3).callId)?.callId, row(3).callId);
    server.newest = 96;
    await history.reload();
    assert.ok(history.find(row(3).callId));
    assert.deepEqual(shown(), down(96, 66));
    assert.equal(await history.open(row(90).callId), "here");
    assert.deepEqual(shown(), down(96, 66));
  });

  it("is gone only where the server says so; a server out of reach says nothing", async (t) => {
    const tick = withClock(t);
    const { server, history } = await opened(95, 1);
    server.fault = new Error("offline");
    assert.equal(await history.open(row(3).callId), "failed");
    assert.equal(await history.open(row(95).callId), "here");
    server.fault = undefined;
    server.gone.add(row(95).callId);
    const answer = history.open(row(95).callId);
    for (let turn = 0; turn < 4; turn++) await tick();
    assert.equal(await answer, "gone");
    assert.equal(history.find(row(95).callId), undefined);
  });

  it("is asked for again only where it ended a moment ago: what the server does not know otherwise is gone", async (t) => {
    const tick = withClock(t);
    const { server, history } = await opened(95, 1);
    assert.equal(await history.open("unknown"), "gone");
    assert.deepEqual(server.askedFor, ["unknown"]);
    void history.reloadFor(row(96).callId);
    const answer = history.open(row(96).callId);
    await tick();
    server.newest = 96;
    await tick();
    assert.equal(await answer, "here");
  });

  it("of more than twenty the first is let go", async () => {
    const { history } = await opened(95, 1);
    for (const number of down(21, 1)) await history.open(row(number).callId);
    assert.equal(history.find(row(21).callId), undefined);
    assert.ok(history.find(row(20).callId) && history.find(row(1).callId));
  });
});
