import {
  type Call,
  type EndedCall,
  enderOf,
  type Instant,
  type StoredCall,
  statusOf,
  type WebhookFact,
} from "@echoo/core";
import { countsAsMissed, type WebhookCallBody, type WebhookDataOf, type WebhookEventType } from "@echoo/protocol";

/** What of a call its events begin with. A blocked caller's call is told of like any other. */
type Placed = Pick<EndedCall, "callId" | "caller" | "callee" | "isVideo" | "createdAtMs">;

/** The events of a call as it stands: each is what was so at that time, however late it is told. */
export function factsOfCall(call: Exclude<Call, { state: "ended" }>, newId: () => string): readonly WebhookFact[] {
  const { id: callId, caller, callee, isVideo, createdAtMs } = call;
  const placed = { callId, caller, callee, isVideo, createdAtMs };
  const started = startedFact(placed, newId());
  if (!("answeredAtMs" in call)) return [started];
  const answeredAtMs = createdAtMs + Math.max(0, call.answeredAtMs - call.placedAtMs);
  return [started, answeredFact(placed, answeredAtMs, newId())];
}

/** All events of a call that is over. Those that were told before are so by their names. */
export function factsOfRecord(record: EndedCall, newId: () => string): readonly WebhookFact[] {
  const { answeredAtMs, endedAtMs, durationSec: duration, endReason } = record;
  const endedBy = enderOf(record);
  const ended = {
    ...common(record, "ended"),
    ...answered(answeredAtMs),
    endTime: instantOf(endedAtMs),
    duration,
    status: statusOf(record),
    endReason,
    ...(endedBy === undefined ? {} : { endedBy }),
  };
  const facts = [startedFact(record, newId())];
  if (answeredAtMs !== undefined) facts.push(answeredFact(record, answeredAtMs, newId()));
  facts.push(factOf("call.ended", ended, endedAtMs, newId()));
  const isMissed = countsAsMissed(endReason, answeredAtMs !== undefined);
  if (isMissed) facts.push(factOf("call.missed", ended, endedAtMs, newId()));
  return facts;
}

/** What the call was like: the whole truth, but of a blocked caller's call what its caller may know. */
export function verdictFact({ callId, caller, callee, ...call }: StoredCall, id: string, atMs: Instant): WebhookFact[] {
  const { verdict } = call;
  if (verdict === undefined) return [];
  const { code, side } = call.callerOnly ? (verdict.caller ?? verdict.operator) : verdict.operator;
  const data: WebhookDataOf<"call.verdict"> = {
    callId,
    caller: { phone: caller },
    callee: { phone: callee },
    verdict: { code, ...(side === undefined ? {} : { side }) },
  };
  return [factOf("call.verdict", data, atMs, id)];
}

function startedFact(placed: Placed, id: string): WebhookFact {
  return factOf("call.started", common(placed, "calling"), placed.createdAtMs, id);
}

function answeredFact(placed: Placed, atMs: Instant, id: string): WebhookFact {
  return factOf("call.answered", { ...common(placed, "connecting"), ...answered(atMs) }, atMs, id);
}

function common({ callId, caller, callee, isVideo, createdAtMs }: Placed, state: WebhookCallBody["state"]) {
  const parties = { caller: { phone: caller }, callee: { phone: callee } };
  return { callId, ...parties, isVideo, state, startTime: instantOf(createdAtMs) };
}

function answered(atMs: Instant | undefined): Pick<WebhookCallBody, "answeredAt"> {
  return atMs === undefined ? {} : { answeredAt: instantOf(atMs) };
}

function factOf(
  type: WebhookEventType,
  data: WebhookDataOf<"call.ended" | "call.verdict">,
  atMs: Instant,
  id: string,
): WebhookFact {
  const parties = [...new Set([data.caller.phone, data.callee.phone])];
  return { kind: "call", of: data.callId, type, id, atMs, parties, data: JSON.stringify(data) };
}

function instantOf(atMs: Instant): string {
  return new Date(Math.floor(atMs)).toISOString();
}
