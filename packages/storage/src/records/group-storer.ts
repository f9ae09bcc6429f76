import {
  type Clock,
  type EndedCall,
  type OutboxGroup,
  type Pause,
  type ReceivedReport,
  type SampleBatch,
  type Store,
  type StoredCall,
  StoreUnavailable,
} from "@echoo/core";
import { GroupSettler } from "./group-settler.ts";
import { recordBounds } from "./record-bounds.ts";
import { type Side, sideKey } from "./side.ts";
import { type SampleBounds, SideSamples } from "./side-samples.ts";
import { SummarySchedule } from "./summary-schedule.ts";
import { VerdictMaker } from "./verdicts/verdict-maker.ts";

export interface GroupStorerOptions {
  readonly store: Store;
  readonly clock: Clock;
  /** Ends a step of long work. */
  readonly pause: Pause;
  readonly sampleBounds?: Partial<SampleBounds> | undefined;
  /** The median MOS of one side of an ended call, once for each. */
  readonly onScored?: ((mos: number) => void) | undefined;
  /** Told of the calls that the store has now, before they are dropped from the queue: again after a crash in between. */
  readonly onRecorded?: ((records: readonly EndedCall[]) => Promise<void>) | undefined;
  /** Takes what the store refuses though it is there out of the queue, so that it does not hold up the others. */
  readonly setAside: (seq: number, error: unknown) => void;
  /** A call got its first verdict. */
  readonly onJudged: (call: StoredCall) => void;
  /** A summary that the store refuses, or that cannot be computed: its samples are stored, and it is left out. */
  readonly onNoSummary: (error: unknown, callId: string) => void;
}

type Queued = OutboxGroup[keyof Pick<OutboxGroup, "records" | "samples" | "reported">][number];

/** Puts a group into the store. Doing it again changes nothing, so a crash half-way is harmless. */
export class GroupStorer {
  readonly #options: GroupStorerOptions;
  readonly #schedule = new SummarySchedule();
  readonly #samples: SideSamples;
  readonly #settler: GroupSettler;
  readonly #verdicts: VerdictMaker;

  constructor(options: GroupStorerOptions) {
    this.#options = options;
    const { store, pause, sampleBounds: bounds = {} } = options;
    this.#samples = new SideSamples({ store, pause, bounds });
    this.#settler = new GroupSettler(store);
    const { clock, onJudged: onFirst } = options;
    this.#verdicts = new VerdictMaker({ store, pause, now: () => clock.now(), onFirst });
  }

  /** Throws where the store is away or the journal fails, and for no entry that is refused. */
  async store(queued: OutboxGroup): Promise<void> {
    const { store, setAside } = this.#options;
    const group = await this.#settler.settle(queued);
    const refused = (error: unknown, entry: Queued) => {
      const seq = group.seqOf.get(entry);
      if (seq !== undefined) setAside(seq, error);
    };
    const stored: EndedCall[] = [];
    const record = async (records: readonly EndedCall[]) => {
      await this.#settler.record(records);
      stored.push(...records);
    };
    await this.#each(group.records, record, refused);
    if (stored.length > 0) await this.#options.onRecorded?.(stored);
    const [told, measured] = [group.samples.filter(isReport), group.samples.filter((one) => !isReport(one))];
    await this.#each(measured, (batches) => this.#samples.add(batches), refused);
    await this.#each(told, (batches) => store.reports.add(batches.flatMap(reportsOf)), refused);
    await this.#each(group.reported, (reported) => store.statistics.putReported(reported), refused);
    const due = this.#dueSides({ ...group, samples: measured });
    await this.#summariseAll(due);
    const ended = due.filter((side) => this.#schedule.hasEnded(side));
    await this.#judge([...group.records, ...told, ...ended].map(({ callId }) => callId));
  }

  get hasStaleSummaries(): boolean {
    return this.#schedule.hasStale;
  }

  /** What the store has of this user was deleted, and nothing may bring it back. */
  forgetReporter(userId: string): void {
    this.#samples.forgetReporter(userId);
    this.#schedule.forgetReporter(userId);
  }

  /** Computes the summaries that no further samples or record will ask for. */
  async refreshSummaries(): Promise<void> {
    const overdue = this.#schedule.overdue(this.#options.clock.steady());
    await this.#summariseAll(overdue);
    await this.#judge(overdue.map(({ callId }) => callId));
  }

  /** What no verdict can be made of has none: everything else of it is stored. */
  async #judge(callIds: readonly string[]): Promise<void> {
    const { onNoSummary } = this.#options;
    const noVerdict = (error: unknown, callId: string) => onNoSummary(error, callId);
    await this.#each([...new Set(callIds)], (some) => this.#verdicts.judge(some), noVerdict);
  }

  /** A few at a time: each waits for the database twice, and a far one would hold up the group. */
  async #summariseAll(sides: readonly Side[]): Promise<void> {
    for (let at = 0; at < sides.length; at += recordBounds.summariesAtOnce) {
      const some = sides.slice(at, at + recordBounds.summariesAtOnce);
      const { onNoSummary } = this.#options;
      const noSummary = (error: unknown, { callId }: Side) => onNoSummary(error, callId);
      const done = some.map((side) => this.#each([side], () => this.#summarise(side), noSummary));
      // All have ended before a fault goes up: nothing may still be written while an account is erased.
      const failed = (await Promise.allSettled(done)).find((one) => one.status === "rejected");
      if (failed) throw failed.reason;
    }
  }

  /** Stores them together, or, where one of them is refused, one by one. */
  async #each<T>(
    entries: readonly T[],
    store: (entries: readonly T[]) => Promise<void>,
    refused: (error: unknown, entry: T) => void,
  ): Promise<void> {
    if (entries.length === 0) return;
    try {
      await store(entries);
    } catch (error) {
      if (error instanceof StoreUnavailable) throw error;
      const [only] = entries;
      if (entries.length === 1 && only) refused(error, only);
      else for (const entry of entries) await this.#each([entry], store, refused);
    }
  }

  #dueSides(group: OutboxGroup): readonly Side[] {
    const nowMs = this.#options.clock.steady();
    const due = new Map<string, Side>();
    const add = (side: Side) => due.set(sideKey(side), side);
    for (const { callId, reporter, samples } of group.samples) {
      const side = { callId, reporter };
      const size = this.#samples.sizeOf(side);
      if (this.#schedule.samplesStored(side, { added: samples.length, size }, nowMs)) add(side);
    }
    for (const { callId, caller, callee } of group.records) {
      for (const reporter of [caller, callee]) {
        if (this.#schedule.recordStored({ callId, reporter }, nowMs)) add({ callId, reporter });
      }
    }
    return [...due.values()];
  }

  async #summarise(side: Side): Promise<void> {
    const { store, clock, onScored } = this.#options;
    const summary = await this.#samples.summary(side);
    const nowMs = clock.steady();
    if (summary !== undefined) {
      await store.statistics.putSummary(side.callId, side.reporter, summary, clock.now());
      if (summary.mos && this.#schedule.isFirstAfterEnd(side)) onScored?.(summary.mos.p50);
    }
    this.#schedule.computed(side, nowMs);
  }
}

function isReport({ report }: SampleBatch): boolean {
  return report !== undefined;
}

function reportsOf({ callId, reporter, receivedAtMs, report }: SampleBatch): readonly ReceivedReport[] {
  return report === undefined ? [] : [{ callId, reporter, receivedAtMs, ...report }];
}
