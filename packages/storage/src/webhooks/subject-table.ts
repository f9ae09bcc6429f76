import type { Instant, WebhookSubject } from "@echoo/core";

export type SubjectKey = { readonly uid: string } | { readonly kind: WebhookSubject["kind"]; readonly of: string };

/** The same where nothing changes; undefined where nothing is to stay, or there was nothing. */
export type SubjectChange = (subject: WebhookSubject | undefined) => WebhookSubject | undefined;

export interface SubjectPage {
  /** `all`: with any event. */
  readonly standing: "waiting" | "parked" | "all";
  /** Changed then or later. */
  readonly sinceMs: Instant;
  /** Behind this one, in the order of their last change. */
  readonly after?: WebhookSubject;
}

/** What a store has to do for the outbox of webhooks: to keep subjects, and to change each by one at a time. */
export interface SubjectTable {
  find(key: SubjectKey): Promise<WebhookSubject | undefined>;
  /** The result is what is there now. */
  change(key: SubjectKey, change: SubjectChange): Promise<WebhookSubject | undefined>;
  /** Those first that are due for longest. */
  due(webhook: string, nowMs: Instant, limit: number): Promise<readonly WebhookSubject[]>;
  ofParty(user: string, limit: number): Promise<readonly WebhookSubject[]>;
  /** In the order of their last change. */
  page(page: SubjectPage, limit: number): Promise<readonly WebhookSubject[]>;
  /** The newest of that standing, newest first. */
  newest(standing: SubjectPage["standing"], limit: number): Promise<readonly WebhookSubject[]>;
  sweepable(nowMs: Instant, limit: number): Promise<readonly WebhookSubject[]>;
  /** With events: delivered ones first, then parked, then those that wait; of each the oldest first. */
  expendable(limit: number): Promise<readonly WebhookSubject[]>;
  sums(): Promise<{ readonly events: number; readonly waiting: number; readonly parked: number }>;
}
