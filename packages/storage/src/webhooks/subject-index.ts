import type { Instant, ListedDelivery, WebhookChoice, WebhookEvent, WebhookSubject } from "@echoo/core";
import { webhookBounds } from "./webhook-bounds.ts";

/** What subjects are found by. A store keeps it beside each of them. */
export interface SubjectIndex {
  /** For each webhook that is to get an event: no earlier than then. */
  readonly due: readonly { readonly webhook: string; readonly dueAtMs: Instant }[];
  readonly events: number;
  readonly waiting: number;
  readonly parked: number;
  /** When there is something to delete; absent where there never is. */
  readonly sweepAtMs?: Instant;
}

export function subjectIndex(subject: WebhookSubject): SubjectIndex {
  const { cursors, events, changedAtMs, kind } = subject;
  const left = (standing: "waiting" | "parked") =>
    cursors
      .filter((cursor) => cursor.standing === standing)
      .reduce((sum, { next }) => sum + events.filter(({ sequence }) => sequence >= next).length, 0);
  const oldestMs = events[0]?.atMs;
  const forgottenMs = kind === "call" ? changedAtMs + webhookBounds.callsRememberedMs : undefined;
  const sweepAtMs = oldestMs === undefined ? forgottenMs : oldestMs + webhookBounds.keptMs;
  return {
    due: cursors.filter(({ standing }) => standing === "waiting").map(({ webhook, dueAtMs }) => ({ webhook, dueAtMs })),
    events: events.length,
    waiting: left("waiting"),
    parked: left("parked"),
    ...(sweepAtMs === undefined ? {} : { sweepAtMs }),
  };
}

/** The event that a webhook is to get next. */
export function nextEvent(subject: WebhookSubject, webhook: string): WebhookEvent | undefined {
  const cursor = subject.cursors.find((one) => one.webhook === webhook);
  return subject.events.find(({ sequence }) => sequence === cursor?.next);
}

export function isChosen(subject: WebhookSubject, { webhook, event }: WebhookChoice): boolean {
  if (event !== undefined && !subject.events.some(({ id }) => id === event)) return false;
  return webhook === undefined || subject.cursors.some((cursor) => cursor.webhook === webhook);
}

/** Each event with each webhook, as people look at it. */
export function deliveriesOf(subject: WebhookSubject, webhook: string | undefined): readonly ListedDelivery[] {
  return subject.cursors
    .filter((cursor) => webhook === undefined || cursor.webhook === webhook)
    .flatMap((cursor) =>
      subject.events.map((event): ListedDelivery => {
        const isBehind = event.sequence >= cursor.next && cursor.standing !== "idle";
        const standing = isBehind ? (cursor.standing === "parked" ? "parked" : "waiting") : "delivered";
        const isNext = isBehind && event.sequence === cursor.next;
        return {
          webhook: cursor.webhook,
          event,
          standing,
          attempts: isNext ? cursor.attempts : 0,
          ...(isNext && standing === "waiting" ? { dueAtMs: cursor.dueAtMs } : {}),
          ...(isNext && cursor.lastError !== undefined ? { lastError: cursor.lastError } : {}),
        };
      }),
    );
}
