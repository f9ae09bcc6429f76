import type { WebhookEventType } from "@echoo/protocol";
import type { Instant } from "../clock.ts";

/** The one that the settings name. */
export const settingsWebhookId = "settings";

/** Where events are posted to. */
export interface Webhook {
  readonly id: string;
  readonly url: string;
  /** What signs, the newest first; two during a rotation. None where the settings of each server have them. */
  readonly secrets: readonly string[];
  readonly createdAtMs: Instant;
}

/** Something that happened, for each webhook that there is. */
export interface WebhookFact {
  readonly kind: "call" | "user";
  /** The call's id, or the user's number. */
  readonly of: string;
  readonly type: WebhookEventType;
  /** Told again under this name it is the same event, and changes nothing. Its type, where that happens but once. */
  readonly key?: string;
  /** Random. Of a fact that is told again the first one stands. */
  readonly id: string;
  readonly atMs: Instant;
  /** Whose numbers stand in `data`. */
  readonly parties: readonly string[];
  /** As JSON. */
  readonly data: string;
}

export interface WebhookEvent {
  readonly id: string;
  readonly key: string;
  readonly type: WebhookEventType;
  /** Rises by one with each event of its subject. */
  readonly sequence: number;
  readonly atMs: Instant;
  readonly data: string;
}

/** How far a webhook is with the events of a subject. */
export interface WebhookCursor {
  readonly webhook: string;
  /** The event that is to be posted next; beyond the last one where there is none. */
  readonly next: number;
  /** `parked`: it was refused for a day, and all behind it wait until somebody asks for them. */
  readonly standing: "idle" | "waiting" | "parked";
  readonly attempts: number;
  /** When that event failed first. */
  readonly failedSinceMs?: Instant;
  /** No earlier is it posted. */
  readonly dueAtMs: Instant;
  readonly lastError?: string;
}

/** What one call, or one account, has to tell: its events in order, and how far each webhook is. */
export interface WebhookSubject {
  /** Opaque, so that it can stay when a number has to go. */
  readonly uid: string;
  readonly kind: "call" | "user";
  /** The call's id, or the user's number; of an erased one what stands for it. */
  readonly of: string;
  readonly parties: readonly string[];
  /** The sequence of its newest event, kept when that itself is not. */
  readonly lastSequence: number;
  /** The newest ones, without gaps. */
  readonly events: readonly WebhookEvent[];
  readonly cursors: readonly WebhookCursor[];
  readonly changedAtMs: Instant;
}

export type WebhookOutcome =
  | { readonly outcome: "delivered" }
  /** Again at that time; parked where it comes too late. */
  | { readonly outcome: "failed"; readonly why: string; readonly againAtMs: Instant };

/** Events that are posted, or would be. */
export interface WebhookCounts {
  readonly waiting: number;
  readonly parked: number;
}

/** What is asked about: everything, or one webhook's, or those behind one event. */
export interface WebhookChoice {
  readonly webhook?: string;
  readonly event?: string;
}

/** An event and how a webhook is with it. */
export interface ListedDelivery {
  readonly webhook: string;
  readonly event: WebhookEvent;
  readonly standing: "waiting" | "parked" | "delivered";
  /** Of the first one of its subject that waits: how often it was tried, and what came of it. */
  readonly attempts: number;
  readonly dueAtMs?: Instant;
  readonly lastError?: string;
}

/**
 * The outbox of events. What it was told survives the process; each event is posted at least once, those of one subject
 * in order. Where there is no webhook nothing is kept.
 */
export interface Webhooks {
  /** By their id. */
  list(): Promise<readonly Webhook[]>;
  /** Takes the place of the one with its id, whose creation stands. */
  put(webhook: Webhook, max: number): Promise<"created" | "updated" | "full">;
  remove(id: string): Promise<boolean>;
  /** Keeps what is new of them for every webhook, in the given order. */
  announce(facts: readonly WebhookFact[]): Promise<void>;
  /** Subjects of which this webhook is to get an event by now, those first that wait longest. */
  due(webhook: string, nowMs: Instant, limit: number): Promise<readonly WebhookSubject[]>;
  /** What came of posting an event. The subject as it is now; undefined where that was not the next one any more. */
  settle(
    uid: string,
    which: { readonly webhook: string; readonly sequence: number },
    outcome: WebhookOutcome,
    nowMs: Instant,
  ): Promise<WebhookSubject | undefined>;
  counts(): Promise<WebhookCounts>;
  /** The newest subjects that have anything of that standing, at most so many, with all of their deliveries. */
  deliveries(
    standing: "waiting" | "parked" | "all",
    choice: WebhookChoice,
    limit: number,
  ): Promise<readonly ListedDelivery[]>;
  /** What was parked is posted again; tells of how many subjects. */
  retry(choice: WebhookChoice, nowMs: Instant): Promise<number>;
  /** What happened since then is posted once more, with what came after it; tells of how many subjects. */
  replay(choice: WebhookChoice, sinceMs: Instant, nowMs: Instant): Promise<number>;
  /** Deletes what is older than it is kept, at most of so many subjects; tells of how many. */
  sweep(nowMs: Instant, limit: number): Promise<number>;
  /** Deletes the oldest until no more than so many events are kept: delivered ones first, then parked, then others. */
  trim(eventsMax: number): Promise<number>;
  /** What a process began to tell and died over: told now. */
  finish(limit: number): Promise<number>;
  /** Of several who ask one has it until then, and may ask again before. */
  takeLease(holder: string, nowMs: Instant, untilMs: Instant): Promise<boolean>;
  leaveLease(holder: string): Promise<void>;
}
