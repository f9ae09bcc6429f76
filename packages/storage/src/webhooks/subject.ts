import type { Instant, WebhookCursor, WebhookEvent, WebhookFact, WebhookOutcome, WebhookSubject } from "@echoo/core";
import { webhookBounds } from "./webhook-bounds.ts";

/**
 * The rules of the outbox, as changes of one subject: a store has but to keep subjects, and to let one change of each
 * happen at a time. So both stores have the same.
 */

/** With the fact as its newest event; the subject itself where it was told before. */
export function withFact(
  subject: WebhookSubject | undefined,
  fact: WebhookFact,
  webhooks: readonly string[],
): WebhookSubject {
  const { kind, type, key = type, id, atMs, data } = fact;
  if (subject?.events.some((event) => event.key === kept(key))) return subject;
  const sequence = (subject?.lastSequence ?? 0) + 1;
  const event: WebhookEvent = { id, key: kept(key), type, sequence, atMs, data };
  const known = new Map(subject?.cursors.map((cursor) => [cursor.webhook, cursor]));
  const cursors = webhooks.map((webhook) => toldOf(known.get(webhook) ?? idleAt(webhook, sequence), fact.atMs));
  const told = {
    uid: subject?.uid ?? `sub_${id}`,
    kind,
    of: subject?.of ?? kept(fact.of),
    parties: subject?.parties ?? fact.parties.map(kept),
    lastSequence: sequence,
    events: [...(subject?.events ?? []), event],
    cursors,
    changedAtMs: Math.max(subject?.changedAtMs ?? 0, atMs),
  };
  return bounded(told);
}

/** As both databases keep a text. */
function kept(text: string): string {
  return text.replace(/\p{Surrogate}|\0/gu, "\ufffd");
}

function idleAt(webhook: string, next: number): WebhookCursor {
  return { webhook, next, standing: "idle", attempts: 0, dueAtMs: 0 };
}

function toldOf(cursor: WebhookCursor, nowMs: Instant): WebhookCursor {
  return cursor.standing === "idle" ? { ...cursor, standing: "waiting", dueAtMs: nowMs } : cursor;
}

/** Its number goes, and what stands for it takes its place; `erased` alone keeps the number. */
export function erasedSubject(subject: WebhookSubject, replacement: string): WebhookSubject {
  const events = subject.events.map((event) =>
    event.type === "user.erased" ? event : { ...event, data: renamed(event.data, subject.of, replacement) },
  );
  return { ...subject, of: replacement, parties: [], events };
}

/** Nobody is to get its events there any more. */
export function withoutWebhook(subject: WebhookSubject, webhook: string): WebhookSubject {
  return { ...subject, cursors: subject.cursors.filter((cursor) => cursor.webhook !== webhook) };
}

/** Nothing of it names this user any more. */
export function withoutUser(subject: WebhookSubject, user: string, replacement: string): WebhookSubject {
  const events = subject.events.map((event) => ({ ...event, data: renamed(event.data, user, replacement) }));
  return { ...subject, parties: subject.parties.filter((party) => party !== user), events };
}

export function settledSubject(
  subject: WebhookSubject,
  { webhook, sequence }: { readonly webhook: string; readonly sequence: number },
  outcome: WebhookOutcome,
  nowMs: Instant,
): WebhookSubject | undefined {
  const cursor = subject.cursors.find((one) => one.webhook === webhook);
  if (cursor === undefined || cursor.standing !== "waiting" || cursor.next !== sequence) return undefined;
  const moved =
    outcome.outcome === "delivered" ? deliveredAt(cursor, subject, nowMs) : failedAt(cursor, outcome, nowMs);
  return forgettingNumbers({ ...subject, cursors: subject.cursors.map((one) => (one === cursor ? moved : one)) });
}

function deliveredAt(
  { webhook, next }: WebhookCursor,
  { lastSequence }: WebhookSubject,
  nowMs: Instant,
): WebhookCursor {
  const standing = next < lastSequence ? "waiting" : "idle";
  return { webhook, next: next + 1, standing, attempts: 0, dueAtMs: nowMs };
}

function failedAt(
  cursor: WebhookCursor,
  { why, againAtMs }: Extract<WebhookOutcome, { outcome: "failed" }>,
  nowMs: Instant,
): WebhookCursor {
  const failedSinceMs = cursor.failedSinceMs ?? nowMs;
  const isOver = nowMs - failedSinceMs >= webhookBounds.parkAfterMs;
  return {
    webhook: cursor.webhook,
    next: cursor.next,
    standing: isOver ? "parked" : "waiting",
    attempts: cursor.attempts + 1,
    failedSinceMs,
    // The last try of all is at the very end of the day.
    dueAtMs: Math.min(againAtMs, failedSinceMs + webhookBounds.parkAfterMs),
    lastError: kept(why.slice(0, webhookBounds.errorChars)),
  };
}

/** The number of an erased account is kept until it was delivered, or parked, everywhere. */
function forgettingNumbers(subject: WebhookSubject): WebhookSubject {
  const isWanted = ({ sequence }: WebhookEvent) =>
    subject.cursors.some(({ standing, next }) => standing === "waiting" && next <= sequence);
  const events = subject.events.map((event) =>
    event.type === "user.erased" && !isWanted(event) ? { ...event, data: withoutPhone(event.data) } : event,
  );
  return { ...subject, events };
}

function withoutPhone(data: string): string {
  const erased = JSON.parse(data) as { readonly erasedAs: string };
  return JSON.stringify({ ...erased, phone: erased.erasedAs });
}

/** What was parked waits again, as if it had never been tried. */
export function retriedSubject(subject: WebhookSubject, webhook: string | undefined, nowMs: Instant): WebhookSubject {
  return mapCursors(subject, webhook, (cursor) =>
    cursor.standing === "parked" ? waitingAt(cursor.webhook, cursor.next, nowMs) : cursor,
  );
}

/** What happened since then waits again, with all behind it. */
export function replayedSubject(
  subject: WebhookSubject,
  webhook: string | undefined,
  sinceMs: Instant,
  nowMs: Instant,
): WebhookSubject {
  const first = subject.events.find(({ atMs }) => atMs >= sinceMs)?.sequence;
  if (first === undefined) return subject;
  return mapCursors(subject, webhook, (cursor) =>
    first < cursor.next || cursor.standing === "parked"
      ? waitingAt(cursor.webhook, Math.min(first, cursor.next), nowMs)
      : cursor,
  );
}

function waitingAt(webhook: string, next: number, dueAtMs: Instant): WebhookCursor {
  return { webhook, next, standing: "waiting", attempts: 0, dueAtMs };
}

/** Without what is older than it is kept; undefined where nothing of it has to stay. */
export function sweptSubject(subject: WebhookSubject, nowMs: Instant): WebhookSubject | undefined {
  const beforeMs = nowMs - webhookBounds.keptMs;
  const isDone = ({ sequence }: WebhookEvent) =>
    !subject.cursors.some(({ standing, next }) => standing === "waiting" && next <= sequence);
  const firstKept = subject.events.findIndex((event) => event.atMs >= beforeMs || !isDone(event));
  const events = firstKept < 0 ? [] : subject.events.slice(firstKept);
  const swept = fromFirst({ ...subject, events });
  return events.length > 0 || isRemembered(swept, nowMs) ? swept : undefined;
}

/** Without any event; undefined where nothing of it has to stay. */
export function emptiedSubject(subject: WebhookSubject): WebhookSubject | undefined {
  const emptied = fromFirst({ ...subject, events: [] });
  return isAccount(emptied) ? emptied : undefined;
}

/** The sequence of a living account goes on for as long as that lives. */
function isAccount({ kind, parties }: WebhookSubject): boolean {
  return kind === "user" && parties.length > 0;
}

function isRemembered(subject: WebhookSubject, nowMs: Instant): boolean {
  if (isAccount(subject)) return true;
  return subject.kind === "call" && subject.changedAtMs >= nowMs - webhookBounds.callsRememberedMs;
}

function bounded(subject: WebhookSubject): WebhookSubject {
  if (subject.events.length <= webhookBounds.eventsPerSubject) return subject;
  return fromFirst({ ...subject, events: subject.events.slice(-webhookBounds.eventsPerSubject) });
}

/** No cursor stands at an event that is gone. */
function fromFirst(subject: WebhookSubject): WebhookSubject {
  const first = subject.events[0]?.sequence ?? subject.lastSequence + 1;
  return mapCursors(subject, undefined, (cursor) => {
    if (cursor.next >= first) return cursor;
    return first > subject.lastSequence ? idleAt(cursor.webhook, first) : { ...cursor, next: first };
  });
}

function mapCursors(
  subject: WebhookSubject,
  webhook: string | undefined,
  change: (cursor: WebhookCursor) => WebhookCursor,
): WebhookSubject {
  const cursors = subject.cursors.map((cursor) =>
    webhook === undefined || cursor.webhook === webhook ? change(cursor) : cursor,
  );
  return { ...subject, cursors };
}

/** The field of what is posted that names a user, wherever it is. */
const namesUser = "phone";

function renamed(data: string, user: string, replacement: string): string {
  return JSON.stringify(
    JSON.parse(data, (key, value: unknown) => (value === user && key === namesUser ? replacement : value)),
  );
}
