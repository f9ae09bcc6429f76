import type { FinishedCall, UnfinishedCall } from "../call/call.ts";
import type { CallRecord } from "../call/record.ts";
import type { LoadedCall, ReportedStats, SampleBatch } from "../ports/journal.ts";
import type { BodyKind } from "./body-kind.ts";
import { finishedCall, unfinishedCall } from "./call-shapes.ts";
import { journalFormat, toCurrentFormat } from "./journal-format.ts";
import { jsonOf } from "./json-of.ts";
import type { Shape } from "./shape.ts";
import { UnusableBody } from "./unusable-body.ts";
import { callRecord, reportedStats, sampleBatch } from "./waiting-shapes.ts";

interface Bodies {
  readonly live: UnfinishedCall;
  readonly ended: FinishedCall;
  readonly record: CallRecord;
  readonly samples: SampleBatch;
  readonly reported: ReportedStats;
}

const shapes: { readonly [K in BodyKind]: Shape<Bodies[K]> } = {
  live: unfinishedCall,
  ended: finishedCall,
  record: callRecord,
  samples: sampleBatch,
  reported: reportedStats,
};

const knownFormats = Array.from({ length: journalFormat + 1 }, (_, format) => format);

/**
 * A body of the journal. Everything is looked at before it is used, for a disk may have changed any of it: what comes
 * back has every field that its type names, and no other. Throws `UnusableBody`.
 */
export function readBody<K extends BodyKind>(kind: K, body: string, format: number = journalFormat): Bodies[K] {
  return looked(kind, current(kind, body, format));
}

/** An unfinished call that a journal gave, likewise. */
export function readLoaded({ body, value }: Pick<LoadedCall, "body" | "value">): UnfinishedCall {
  return value === undefined ? readBody("live", body) : looked("live", value);
}

function looked<K extends BodyKind>(kind: K, value: unknown): Bodies[K] {
  const fault = shapes[kind](value, "");
  if (fault !== undefined) throw new UnusableBody(fault);
  return value as Bodies[K];
}

/** A body as this program would have written it. Throws `UnusableBody`. */
export function currentBody(kind: BodyKind, body: string, format: number): string {
  return format === journalFormat ? body : JSON.stringify(current(kind, body, format));
}

function current(kind: BodyKind, body: string, format: number): unknown {
  if (!knownFormats.includes(format)) throw new UnusableBody("it is of a format that this program does not know");
  return toCurrentFormat(kind, format, jsonOf(body));
}
