import type { Instant, StoredCall } from "@echoo/core";
import type { StoreTables } from "../store-tables.ts";
import { steps } from "../table-checksum.ts";
import type { Findings } from "./findings.ts";

export interface StatisticsCheck {
  readonly store: StoreTables;
  /** Calls that have no record yet, for a good reason. */
  readonly pending: ReadonlySet<string>;
  /** What came after this time may belong to a call that goes on elsewhere. */
  readonly settledBeforeMs: number;
  readonly findings: Findings;
  /** Told of each side that has samples and no summary. */
  readonly onMissingSummary: (callId: string, reporter: string) => Promise<void>;
}

interface Side {
  readonly callId: string;
  readonly reporter: string;
  readonly atMs: Instant;
}

const unknownCall =
  "they are deleted once they are older than ECHOO_RETAIN_CALLS_DAYS; samples, ECHOO_RETAIN_SAMPLES_DAYS";
const noParty = "delete them by hand in the database: the server shows them to nobody";

/** Statistics and samples belong to a party of a call that exists, and where there are samples there is a summary. */
export async function checkStatistics(check: StatisticsCheck): Promise<void> {
  const { tables } = check.store;
  for await (const entries of steps("statistics", tables.statistics)) {
    await checkSides(
      check,
      "statistics",
      entries.map((entry) => ({ ...entry, atMs: entry.updatedAtMs })),
    );
  }
  for await (const entries of steps("samples", tables.samples)) {
    const sides = entries.map((entry) => ({ ...entry, atMs: entry.receivedAtMs }));
    await checkSides(check, "samples", sides);
    await checkSummaries(check, sides);
  }
  for await (const entries of steps("reports", tables.reports)) {
    const sides = entries.map((entry) => ({ ...entry, atMs: entry.receivedAtMs }));
    await checkSides(check, "reports", sides);
  }
}

async function checkSides(check: StatisticsCheck, what: "statistics" | "samples" | "reports", sides: readonly Side[]) {
  const { store, pending, settledBeforeMs, findings } = check;
  const ids = [...new Set(sides.map(({ callId }) => callId))];
  const found = await store.tables.calls.find(ids.map((id) => [id] as const));
  const calls = new Map<string, StoredCall>(found.map(({ call }) => [call.callId, call]));
  for (const { callId, reporter, atMs } of sides) {
    const call = calls.get(callId);
    if (call !== undefined && reporter !== call.caller && reporter !== call.callee) {
      findings.add(`${what} of somebody who is no party of the call`, noParty, callId, reporter);
    }
    if (call === undefined && !pending.has(callId) && atMs < settledBeforeMs) {
      findings.add(`${what} of a call that does not exist`, unknownCall, callId, reporter);
    }
  }
}

async function checkSummaries(check: StatisticsCheck, sides: readonly Side[]): Promise<void> {
  const { store, pending, settledBeforeMs, findings, onMissingSummary } = check;
  const settled = sides.filter(({ callId, atMs }) => atMs < settledBeforeMs && !pending.has(callId));
  // The batches of one side come one after another, so a side is asked for once in most steps.
  const keys = new Map(settled.map(({ callId, reporter }) => [`${callId} ${reporter}`, [callId, reporter] as const]));
  const found = await store.tables.statistics.find([...keys.values()]);
  const summarised = new Set(found.filter(({ summary }) => summary).map((side) => `${side.callId} ${side.reporter}`));
  for (const [name, [callId, reporter]] of keys) {
    if (summarised.has(name)) continue;
    const remedy = "echoo store check --fix computes it";
    findings.add("there are samples and no summary of them", remedy, callId, reporter);
    await onMissingSummary(callId, reporter);
  }
}
