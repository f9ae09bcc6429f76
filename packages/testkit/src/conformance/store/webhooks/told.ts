import assert from "node:assert/strict";
import type { Instant, Store, Webhook, WebhookEvent, WebhookFact } from "@echoo/core";
import { startMs } from "../../ended-call.ts";

export const dayMs = 86_400_000;

/** Gives what a store tells of by itself its ids; the time is that of the fixtures. */
export function tellingOfTests(): () => { readonly id: string; readonly atMs: Instant } {
  let told = 0;
  return () => ({ id: `evt_store_${++told}`, atMs: startMs });
}

export function hook(id = "a"): Webhook {
  return { id, url: `https://${id}.example/hook`, secrets: ["whsec_c2VjcmV0"], createdAtMs: startMs };
}

export function callFact(callId: string, type: WebhookFact["type"], changes: Partial<WebhookFact> = {}): WebhookFact {
  const [caller, callee] = ["+491", "+492"];
  return {
    kind: "call",
    of: callId,
    type,
    id: `evt_${callId}_${type}`,
    atMs: startMs,
    parties: [caller, callee],
    data: JSON.stringify({ callId, caller: { phone: caller }, callee: { phone: callee } }),
    ...changes,
  };
}

/** Takes every event that this webhook is to get by now, and says that it was delivered. */
export async function receiveAll(
  { webhooks }: Pick<Store, "webhooks">,
  webhook = "a",
  nowMs: Instant = startMs,
): Promise<WebhookEvent[]> {
  const received: WebhookEvent[] = [];
  for (;;) {
    const [subject] = await webhooks.due(webhook, nowMs, 1);
    if (subject === undefined) return received;
    const next = subject.cursors.find((cursor) => cursor.webhook === webhook)?.next ?? 0;
    const event = subject.events.find(({ sequence }) => sequence === next);
    assert.ok(event, "a subject that is due has no event");
    received.push(event);
    assert.ok(await webhooks.settle(subject.uid, { webhook, sequence: next }, { outcome: "delivered" }, nowMs));
  }
}

/** The next event of the one subject that is due is refused. */
export async function refuse(
  { webhooks }: Pick<Store, "webhooks">,
  nowMs: Instant,
  againAtMs: Instant,
  webhook = "a",
): Promise<void> {
  const [subject] = await webhooks.due(webhook, nowMs, 1);
  const sequence = subject?.cursors.find((cursor) => cursor.webhook === webhook)?.next ?? 0;
  await webhooks.settle(subject?.uid ?? "", { webhook, sequence }, { outcome: "failed", why: "500", againAtMs }, nowMs);
}

export function brief(events: readonly WebhookEvent[]): readonly string[] {
  return events.map(({ type, sequence }) => `${sequence} ${type}`);
}
