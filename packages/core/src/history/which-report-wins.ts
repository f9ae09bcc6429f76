import type { EndedCall } from "../call/record.ts";
import type { Instant } from "../ports/clock.ts";
import type { StoredCall } from "../ports/store.ts";
import { isShownTo, partiesOf } from "./call-visibility.ts";

/** What becomes of the stored call. */
export interface Ruling<Outcome extends string> {
  readonly outcome: Outcome;
  /** What is to be stored in its place; absent where nothing changes. */
  readonly next?: StoredCall;
}

/** What a client tells of a call that the server may not have seen. */
export interface CallReport {
  readonly call: EndedCall;
  readonly reporter: string;
  /** Both parties see it at once, as under open access. */
  readonly shared: boolean;
}

/**
 * What the server saw. It replaces what the parties themselves told of the call, and stands for ever. `other`: the id
 * belongs to another call, one that was placed at another time, or that a user reported who is no party of this one.
 */
export function ruleOnRecord(found: StoredCall | undefined, record: EndedCall): Ruling<"stored" | "other"> {
  if (found === undefined) return { outcome: "stored", next: record };
  const { reportedBy } = found;
  if (reportedBy === undefined) return { outcome: found.createdAtMs === record.createdAtMs ? "stored" : "other" };
  const parties = partiesOf(record);
  return reportedBy.every((one) => parties.includes(one)) ? { outcome: "stored", next: record } : { outcome: "other" };
}

/**
 * What a client tells. The first report stands: another one by the other party (`joined`), or a shared one, only shows the
 * call to both. `conflict`: the stored call has other parties, or is not one that its reporter may know of.
 */
export function ruleOnReport(
  found: StoredCall | undefined,
  { call, reporter, shared }: CallReport,
): Ruling<"created" | "joined" | "known" | "conflict"> {
  if (found === undefined) return { outcome: "created", next: told(call, [reporter], shared) };
  const isSameCall = found.caller === call.caller && found.callee === call.callee;
  if (!isSameCall || !partiesOf(found).includes(reporter)) return { outcome: "conflict" };
  const { reportedBy, sharedReport = false } = found;
  if (reportedBy === undefined) return { outcome: isShownTo(found, reporter) ? "known" : "conflict" };
  const isNew = !reportedBy.includes(reporter);
  const by = isNew ? [...reportedBy, reporter] : reportedBy;
  const isShared = sharedReport || shared || by.length > 1;
  const outcome = isNew ? "joined" : "known";
  return isNew || isShared !== sharedReport ? { outcome, next: told(found, by, isShared) } : { outcome };
}

/**
 * The call without the word of one reporter: what the other party told as well stays that party's alone. Undefined where
 * no other party told of it, so that nothing of it stays.
 */
export function withoutReporter(call: StoredCall, reporter: string): StoredCall | undefined {
  const by = (call.reportedBy ?? []).filter((one) => one !== reporter);
  return by.length === 0 ? undefined : told(call, by, false);
}

/** Of two things that one client said of one call the later one stands; of two of the same moment the one that comes last. */
export function saidLater(earlierAtMs: Instant | undefined, atMs: Instant): boolean {
  return earlierAtMs === undefined || earlierAtMs <= atMs;
}

function told(call: StoredCall, reportedBy: readonly string[], shared: boolean): StoredCall {
  const { sharedReport: _, ...rest } = call;
  return { ...rest, reportedBy, ...(shared ? { sharedReport: true } : {}) };
}
