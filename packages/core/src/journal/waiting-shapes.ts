import { endReasonCodes, type Sample } from "@echoo/protocol";
import type { CallRecord } from "../call/record.ts";
import type { ReportedStats, SampleBatch } from "../ports/journal.ts";
import { figure, flag, listOf, object, oneOf, optional, type Shape, text } from "./shape.ts";

export const callRecord = object<CallRecord>({
  callId: text,
  caller: text,
  callee: text,
  isVideo: flag,
  createdAtMs: figure,
  ringingAtMs: optional(figure),
  answeredAtMs: optional(figure),
  connectedAtMs: optional(figure),
  endedAtMs: figure,
  endReason: oneOf(...endReasonCodes),
  endedBy: optional(text),
  callerDevice: optional(text),
  calleeDevice: optional(text),
  glare: flag,
  reconnects: figure,
  durationSec: figure,
  callerOnly: optional(oneOf(true)),
  calleeUnknown: optional(oneOf(true)),
});

/** Looked at with every group that is stored, so no closer than what is made of it: figures by name, and words. */
const sample: Shape<Sample> = (value, at) => {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return `${at} is no object`;
  for (const one of Object.values(value)) {
    if (typeof one !== "number" && typeof one !== "string") return `${at} has a field of another kind`;
  }
  return figure((value as { readonly t?: unknown }).t, `${at}.t`);
};

export const sampleBatch = object<SampleBatch>({
  callId: text,
  reporter: text,
  batch: text,
  receivedAtMs: figure,
  samples: listOf(sample),
});

const stats = object<ReportedStats>({ callId: text, reporter: text, receivedAtMs: figure, body: text });

/** A text within a text: who erases an account rewrites it. */
export const reportedStats: Shape<ReportedStats> = (value, at) => {
  const fault = stats(value, at);
  if (fault !== undefined) return fault;
  try {
    JSON.parse((value as ReportedStats).body);
    return undefined;
  } catch {
    return "body is no JSON";
  }
};
