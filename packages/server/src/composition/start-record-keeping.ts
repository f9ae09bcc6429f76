import type { Clock, RemoteScripts, SettledNow } from "@echoo/core";
import { HourCounter, RecordWriter, Retention, WaitingRecordsSweep } from "@echoo/storage";
import type { Config } from "../config/read-config.ts";
import type { Logger } from "../observability/logging.ts";
import type { Metrics } from "../observability/metrics.ts";
import type { CallTeller } from "../webhooks/call-teller.ts";
import type { OpenData } from "./open-data.ts";
import { pause, random } from "./platform.ts";
import type { ShutdownSteps } from "./shutdown-steps.ts";

interface RecordKeepingDeps {
  readonly config: Pick<Config, "retainCallsDays" | "retainSamplesDays">;
  readonly data: Pick<OpenData, "store" | "journal">;
  readonly clock: Clock;
  readonly settled: SettledNow;
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, "callMos" | "callJudged">;
  readonly teller: Pick<CallTeller, "callsStored" | "callJudged">;
  readonly steps: ShutdownSteps;
  /** The records of these calls are stored. */
  readonly onStored: (callIds: readonly string[]) => void;
}

/** Starts what brings records from the journal into the store, and what deletes those that have become old. */
export function startRecordKeeping(deps: RecordKeepingDeps): RecordWriter {
  const writer = startWriter(deps);
  startRetention(deps);
  startCounting(deps);
  return writer;
}

function startCounting({ data, clock, logger, steps }: RecordKeepingDeps): void {
  const onFault = (err: unknown) =>
    logger.warn({ err }, "the quality of an hour could not be counted; it is tried again");
  const counter = new HourCounter({ store: data.store, clock, pause, onFault });
  steps.add("quality hours", () => counter.stop());
}

function startWriter({ data, clock, logger, metrics, teller, steps, onStored }: RecordKeepingDeps): RecordWriter {
  const writer = new RecordWriter({
    store: data.store,
    outbox: data.journal,
    clock,
    random,
    pause,
    onRecorded: (records) => teller.callsStored(records),
    onScored: (mos) => metrics.callMos(mos),
    onStored,
    onNoSummary: (err, callId) =>
      logger.error({ err, callId }, "a summary or verdict could not be made; it is left out"),
    onVerdict: (call) => {
      if (call.verdict !== undefined) metrics.callJudged(call.verdict.operator.code);
      teller.callJudged(call);
    },
    onDegraded: (err) => {
      if (err === undefined) logger.info("the database is back; what waited is being stored");
      else logger.warn({ err }, "the database is away; calls go on and records wait in the journal");
    },
  });
  steps.add("record writer", async () => {
    await writer
      .flush()
      .catch((err: unknown) => logger.warn({ err }, "records wait in the journal for the next start"));
    await writer.stop();
  });
  return writer;
}

function startRetention({ config, data, clock, settled, logger, steps }: RecordKeepingDeps): void {
  const retention = new Retention({
    store: data.store,
    clock,
    settled,
    retainCallsDays: config.retainCallsDays,
    retainSamplesDays: config.retainSamplesDays,
    onFault: (err) => logger.warn({ err }, "old calls could not be deleted; it is tried again"),
  });
  steps.add("retention", () => retention.stop());
}

/** Where there are other nodes: what ended on those that are no more reaches the database from here. */
export function startRecordSweep(
  { data, clock, logger, teller, steps }: Pick<RecordKeepingDeps, "data" | "clock" | "logger" | "teller" | "steps">,
  waiting: Pick<RemoteScripts, "waitingRecords" | "recordsStored">,
): WaitingRecordsSweep {
  const sweep = new WaitingRecordsSweep({
    store: data.store,
    waiting,
    clock,
    onUnusable: (err) =>
      logger.error({ err }, "a record of another server cannot be read here, and waits for one that can"),
    onRecorded: (records) => teller.callsStored(records),
    onStored: (count) => logger.info({ count }, "ended calls that their servers had not stored are stored"),
  });
  steps.add("records of other servers", () => sweep.stop());
  return sweep;
}
