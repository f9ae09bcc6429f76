import type { StoreTables } from "../store-tables.ts";
import { steps } from "../table-checksum.ts";
import { checkCall } from "./check-call.ts";
import { checkJournal, pendingCalls } from "./check-journal.ts";
import { checkStatistics } from "./check-statistics.ts";
import { checkSubject } from "./check-subject.ts";
import { type Finding, Findings } from "./findings.ts";
import type { JournalContent } from "./journal-content.ts";

/** How many defects of one kind a store names by itself. */
const defectsPerKind = 100;

/** The repairs that cannot lose anything, and so are made by `--fix`. */
export interface Repairs {
  /** Makes the summary of a side out of its samples. */
  summarise(callId: string, reporter: string): Promise<void>;
  /** A token without a user opens no account that still exists. */
  revoke(userId: string, tokenId: string): Promise<void>;
  /** A device to push to without a user rings for no call. */
  removeDevice(userId: string, deviceId: string): Promise<void>;
}

export interface CheckOptions {
  readonly store: StoreTables;
  /** Absent where there is none, or a server has it. */
  readonly journal?: JournalContent;
  /** What came after this time may belong to a call that goes on elsewhere. */
  readonly settledBeforeMs: number;
  readonly repairs?: Repairs;
  readonly onTable: (what: string) => void;
}

/** Reads everything once and says what breaks an invariant. Entries are held a step at a time. */
export async function checkStore(options: CheckOptions): Promise<readonly Finding[]> {
  const { store, journal, settledBeforeMs, repairs, onTable } = options;
  const findings = new Findings();
  onTable("the database itself");
  for (const { what, remedy, key } of await store.inspect(defectsPerKind)) findings.add(what, remedy, key);
  onTable("tokens");
  await checkTokens(store, findings, repairs);
  onTable("devices to push to");
  await checkPushDevices(store, findings, repairs);
  onTable("events for webhooks");
  for await (const subjects of steps("webhookSubjects", store.tables.webhookSubjects)) {
    for (const subject of subjects) checkSubject(subject, findings);
  }
  onTable("calls");
  for await (const calls of steps("calls", store.tables.calls)) {
    for (const call of calls) checkCall(call, findings);
  }
  const pending = journal === undefined ? new Set<string>() : pendingCalls(journal);
  onTable("statistics and samples");
  const onMissingSummary = async (callId: string, reporter: string) => repairs?.summarise(callId, reporter);
  await checkStatistics({ store, pending, settledBeforeMs, findings, onMissingSummary });
  if (journal !== undefined) {
    onTable("the journal");
    await checkJournal(journal, store, pending, findings);
  }
  return findings.list();
}

async function checkTokens({ tables }: StoreTables, findings: Findings, repairs: Repairs | undefined): Promise<void> {
  for await (const tokens of steps("tokens", tables.tokens)) {
    const owners = [...new Set(tokens.map(({ userId }) => userId))];
    const found = await tables.users.find(owners.map((id) => [id] as const));
    const known = new Set(found.map(({ id }) => id));
    for (const { id, userId } of tokens) {
      if (known.has(userId)) continue;
      findings.add("a token of a user who does not exist", "echoo store check --fix revokes it", userId, id);
      await repairs?.revoke(userId, id);
    }
  }
}

async function checkPushDevices(
  { tables }: StoreTables,
  findings: Findings,
  repairs: Repairs | undefined,
): Promise<void> {
  for await (const devices of steps("pushDevices", tables.pushDevices)) {
    const owners = [...new Set(devices.map(({ userId }) => userId))];
    const known = new Set((await tables.users.find(owners.map((id) => [id] as const))).map(({ id }) => id));
    for (const { userId, deviceId } of devices) {
      if (known.has(userId)) continue;
      findings.add(
        "a push device of a user who does not exist",
        "echoo store check --fix removes it",
        userId,
        deviceId,
      );
      await repairs?.removeDevice(userId, deviceId);
    }
  }
}
