import type { WebhookSubject } from "@echoo/core";
import type { Findings } from "./findings.ts";

/** The events of a call, or an account, are numbered without gaps up to its last one. */
export function checkSubject({ kind, of, events, lastSequence }: WebhookSubject, findings: Findings): void {
  const first = lastSequence - events.length + 1;
  const isWhole = first > 0 && events.every(({ sequence }, i) => sequence === first + i);
  const remedy = "receivers find the gap by themselves; echoo webhooks replay posts again what there is";
  if (!isWhole) findings.add(`the events of a ${kind} are not numbered without gaps`, remedy, of);
}
