import type { Calls, HistoryQuery, ViewedCall } from "@echoo/core";

/** All pages of a history, one after the other. */
export async function readHistory(calls: Calls, query: HistoryQuery): Promise<readonly ViewedCall[]> {
  const all: ViewedCall[] = [];
  for (let cursor: string | undefined, pages = 0; ; pages++) {
    const page = await calls.page({ ...query, ...(cursor === undefined ? {} : { cursor }) });
    all.push(...page.calls);
    if (page.calls.length > query.limit) throw new Error("a page is longer than its limit");
    if (page.nextCursor === undefined) return all;
    if (pages > 1000) throw new Error("a history that never ends");
    cursor = page.nextCursor;
  }
}

export async function historyIds(calls: Calls, viewer: string, filter: Partial<HistoryQuery> = {}) {
  const all = await readHistory(calls, { viewer, limit: 3, ...filter });
  return all.map((viewed) => viewed.call.callId);
}
