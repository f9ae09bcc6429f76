import { type CallPosition, InvalidCursor, type Pause, qualityLevel, type Store, type StoredCall } from "@echoo/core";
import { type EndReason, limits, type QualityLevel, type VerdictCode } from "@echoo/protocol";
import { adminShortVerdict } from "../bodies/verdict-body.ts";
import { groupBy } from "../replies/group-by.ts";
import { worstMos } from "./admin-call-body.ts";
import { newestCalls } from "./newest-calls.ts";

/** Calls whose figures are looked up together. */
const callsPerStep = 250;

export interface CallSearch {
  /** Calls of any of these; of everybody where absent. */
  readonly parties: readonly string[] | undefined;
  readonly sinceMs: number;
  readonly untilMs: number;
  readonly reason?: EndReason | undefined;
  readonly verdict?: VerdictCode | undefined;
  readonly level?: QualityLevel | undefined;
  readonly order: "newest" | "worst";
  readonly limit: number;
  readonly from?: SearchCursor | undefined;
}

/** Where the next page goes on: behind a call that was looked at, or behind so many of those in order of quality. */
export type SearchCursor = { readonly after: CallPosition } | { readonly skip: number; readonly untilMs: number };

interface FoundCall {
  readonly call: StoredCall;
  readonly mos: number | undefined;
}

export interface FoundCalls {
  readonly found: readonly FoundCall[];
  readonly looked: number;
  readonly isComplete: boolean;
  readonly next?: SearchCursor;
}

export interface SearchDeps {
  readonly store: Pick<Store, "calls" | "statistics">;
  readonly pause: Pause;
}

/**
 * Looks at calls of the time by index, newest first, at most `limits.adminLooked` of them, and keeps those that pass.
 * What is sorted by quality is sorted among those; the worst come first, those without a score last.
 */
export async function searchCalls(
  deps: SearchDeps,
  search: CallSearch,
  requireReader: () => void,
): Promise<FoundCalls> {
  const { order, limit, from, untilMs } = search;
  const found: FoundCall[] = [];
  let looked = 0;
  let last: StoredCall | undefined;
  const wanted = order === "newest" ? limit : Number.POSITIVE_INFINITY;
  const after = from !== undefined && "after" in from ? from.after : undefined;
  const until = from !== undefined && "untilMs" in from ? from.untilMs : untilMs;
  const calls = newestCalls(deps.store.calls, { ...search, untilMs: until, after });
  let isDone = false;
  while (!isDone && looked < limits.adminLooked && found.length < wanted) {
    requireReader();
    const some: StoredCall[] = [];
    const room = Math.min(callsPerStep, limits.adminLooked - looked);
    while (some.length < room && !isDone) {
      const next = await calls.next();
      if (next.done) isDone = true;
      else some.push(next.value);
    }
    for (const each of await passing(deps, search, some)) {
      if (found.length === wanted) break;
      found.push(each);
      last = each.call;
    }
    looked += some.length;
    if (found.length < wanted) last = some.at(-1) ?? last;
    await deps.pause();
  }
  const isComplete = isDone;
  if (order === "worst") return { ...worstFirst(found, limit, from, until), looked, isComplete };
  const isOver = isDone && found.length < wanted;
  return {
    found,
    looked,
    isComplete: isComplete || found.length === wanted,
    ...(isOver || !last ? {} : { next: { after: last } }),
  };
}

function worstFirst(found: readonly FoundCall[], limit: number, from: SearchCursor | undefined, untilMs: number) {
  const skip = from !== undefined && "skip" in from ? from.skip : 0;
  const sorted = found.toSorted((a, b) => (a.mos ?? Number.MAX_VALUE) - (b.mos ?? Number.MAX_VALUE));
  const page = sorted.slice(skip, skip + limit);
  return { found: page, ...(sorted.length > skip + limit ? { next: { skip: skip + limit, untilMs } } : {}) };
}

async function passing({ store }: SearchDeps, { reason, verdict, level }: CallSearch, calls: readonly StoredCall[]) {
  const meant = calls.filter(
    (call) =>
      (reason === undefined || call.endReason === reason) &&
      (verdict === undefined || adminShortVerdict(call)?.code === verdict),
  );
  const summaries = await store.statistics.summaries(meant.map(({ callId }) => callId));
  const byCall = groupBy(summaries, ({ callId }) => callId);
  return meant
    .map((call): FoundCall => ({ call, mos: worstMos(byCall.get(call.callId) ?? []) }))
    .filter(({ mos }) => level === undefined || (mos !== undefined && qualityLevel(mos) === level));
}

export function encodeSearchCursor(cursor: SearchCursor): string {
  return Buffer.from(JSON.stringify(cursor)).toString("base64url");
}

/** Throws `InvalidCursor` for what is none, or is of another order. */
export function decodeSearchCursor(text: string, order: CallSearch["order"]): SearchCursor {
  const decoded = parsed(text) as Partial<Record<"after" | "skip" | "untilMs", unknown>> | null;
  if (order === "worst" && isCount(decoded?.skip) && isCount(decoded?.untilMs)) {
    return { skip: decoded.skip, untilMs: decoded.untilMs };
  }
  const after = decoded?.after as Partial<CallPosition> | undefined;
  if (order === "newest" && typeof after?.callId === "string" && isCount(after.createdAtMs)) {
    return { after: { createdAtMs: after.createdAtMs, callId: after.callId } };
  }
  throw new InvalidCursor();
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value) && value >= 0;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, "base64url").toString());
  } catch (error) {
    throw new InvalidCursor(error);
  }
}
