import { endReasonCodes, type ReportEvent, type Sample } from "@echoo/protocol";
import type { CallRecord } from "../call/record.ts";
import type { ReportedStats, SampleBatch } from "../ports/journal.ts";
import type { ClientFacts, ServerFacts } from "../verdict/server-facts.ts";
import { figure, flag, listOf, object, oneOf, optional, type Shape, text } from "./shape.ts";

const client = object<ClientFacts>({ name: optional(text), version: optional(text), platform: optional(text) });

const server = object<ServerFacts>({
  turn: optional(flag),
  relayOnly: optional(oneOf(true)),
  sameNetwork: optional(flag),
  pushes: optional(object<NonNullable<ServerFacts["pushes"]>>({ tried: figure, failed: figure })),
  callerClient: optional(client),
  calleeClient: optional(client),
});

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
  server: optional(server),
});

/** Looked at with every group that is stored, so no closer than what is made of it: figures by name, and words. */
const sample: Shape<Sample> = (value, at) => {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return `${at} is no object`;
  for (const one of Object.values(value)) {
    if (typeof one !== "number" && typeof one !== "string") return `${at} has a field of another kind`;
  }
  return figure((value as { readonly t?: unknown }).t, `${at}.t`);
};

/** Likewise. */
const event: Shape<ReportEvent> = (value, at) => {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return `${at} is no object`;
  for (const one of Object.values(value)) {
    if (!["number", "string", "boolean"].includes(typeof one)) return `${at} has a field of another kind`;
  }
  const { n, t, kind } = value as { readonly n?: unknown; readonly t?: unknown; readonly kind?: unknown };
  return figure(n, `${at}.n`) ?? figure(t, `${at}.t`) ?? text(kind, `${at}.kind`);
};

export const sampleBatch = object<SampleBatch>({
  callId: text,
  reporter: text,
  batch: text,
  receivedAtMs: figure,
  samples: listOf(sample),
  report: optional(object<NonNullable<SampleBatch["report"]>>({ events: listOf(event), sentAtMs: optional(figure) })),
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
