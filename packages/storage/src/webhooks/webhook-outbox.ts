import {
  type Instant,
  inSteps,
  type ListedDelivery,
  type Pause,
  type Webhook,
  type WebhookChoice,
  type WebhookCounts,
  type WebhookFact,
  type WebhookOutcome,
  type WebhookSubject,
  type Webhooks,
} from "@echoo/core";
import {
  emptiedSubject,
  replayedSubject,
  retriedSubject,
  settledSubject,
  sweptSubject,
  withFact,
  withoutWebhook,
} from "./subject.ts";
import { deliveriesOf, isChosen } from "./subject-index.ts";
import type { SubjectPage, SubjectTable } from "./subject-table.ts";
import { webhookBounds } from "./webhook-bounds.ts";

interface OutboxParts {
  readonly subjects: SubjectTable;
  readonly targets: Pick<Webhooks, "list" | "put" | "remove">;
  readonly lease: Pick<Webhooks, "takeLease" | "leaveLease">;
  /** What a process began to tell and died over, where a store cannot tell with one step what it does. */
  readonly finish: Webhooks["finish"];
  readonly pause: Pause;
}

const { subjectsPerStep } = webhookBounds;

/** The outbox on the table of a store. */
export class WebhookOutbox implements Webhooks {
  readonly #parts: OutboxParts;

  constructor(parts: OutboxParts) {
    this.#parts = parts;
  }

  list(): Promise<readonly Webhook[]> {
    return this.#parts.targets.list();
  }

  put(webhook: Webhook, max: number): Promise<"created" | "updated" | "full"> {
    return this.#parts.targets.put(webhook, max);
  }

  async remove(id: string): Promise<boolean> {
    const wasThere = await this.#parts.targets.remove(id);
    await this.#changeAll({ standing: "all", sinceMs: 0 }, { webhook: id }, (subject) => withoutWebhook(subject, id));
    return wasThere;
  }

  async announce(facts: readonly WebhookFact[]): Promise<void> {
    const { subjects, targets, pause } = this.#parts;
    const ids = (await targets.list()).map(({ id }) => id);
    if (ids.length === 0) return;
    await inSteps([...bySubject(facts)], subjectsPerStep, pause, async (some) => {
      for (const [, [first, ...more]] of some) {
        const told = (now: WebhookSubject | undefined) =>
          more.reduce((subject, fact) => withFact(subject, fact, ids), withFact(now, first, ids));
        await subjects.change({ kind: first.kind, of: first.of }, told);
      }
    });
  }

  due(webhook: string, nowMs: Instant, limit: number): Promise<readonly WebhookSubject[]> {
    return this.#parts.subjects.due(webhook, nowMs, limit);
  }

  async settle(
    uid: string,
    which: { readonly webhook: string; readonly sequence: number },
    outcome: WebhookOutcome,
    nowMs: Instant,
  ): Promise<WebhookSubject | undefined> {
    let settled: WebhookSubject | undefined;
    await this.#parts.subjects.change({ uid }, (now) => {
      settled = now && settledSubject(now, which, outcome, nowMs);
      return settled ?? now;
    });
    return settled;
  }

  async counts(): Promise<WebhookCounts> {
    const { waiting, parked } = await this.#parts.subjects.sums();
    return { waiting, parked };
  }

  async deliveries(
    standing: SubjectPage["standing"],
    choice: WebhookChoice,
    limit: number,
  ): Promise<readonly ListedDelivery[]> {
    const found = await this.#parts.subjects.newest(standing, limit);
    const chosen = found.filter((subject) => isChosen(subject, choice));
    const all = chosen.flatMap((subject) => deliveriesOf(subject, choice.webhook));
    return standing === "all" ? all : all.filter((one) => one.standing === standing);
  }

  retry(choice: WebhookChoice, nowMs: Instant): Promise<number> {
    const change = (subject: WebhookSubject) => retriedSubject(subject, choice.webhook, nowMs);
    return this.#changeAll({ standing: "parked", sinceMs: 0 }, choice, change);
  }

  replay(choice: WebhookChoice, sinceMs: Instant, nowMs: Instant): Promise<number> {
    const change = (subject: WebhookSubject) => replayedSubject(subject, choice.webhook, sinceMs, nowMs);
    return this.#changeAll({ standing: "all", sinceMs }, choice, change);
  }

  async sweep(nowMs: Instant, limit: number): Promise<number> {
    const { subjects } = this.#parts;
    const found = await subjects.sweepable(nowMs, limit);
    for (const { uid } of found) await subjects.change({ uid }, (now) => now && sweptSubject(now, nowMs));
    return found.length;
  }

  async trim(eventsMax: number): Promise<number> {
    const { subjects, pause } = this.#parts;
    let { events } = await subjects.sums();
    let trimmed = 0;
    while (events > eventsMax) {
      const some = await subjects.expendable(subjectsPerStep);
      if (some.length === 0) break;
      for (const { uid, events: gone } of some) {
        if (events <= eventsMax) break;
        await subjects.change({ uid }, (now) => now && emptiedSubject(now));
        events -= gone.length;
        trimmed += 1;
      }
      await pause();
    }
    return trimmed;
  }

  finish(limit: number): Promise<number> {
    return this.#parts.finish(limit);
  }

  takeLease(holder: string, nowMs: Instant, untilMs: Instant): Promise<boolean> {
    return this.#parts.lease.takeLease(holder, nowMs, untilMs);
  }

  leaveLease(holder: string): Promise<void> {
    return this.#parts.lease.leaveLease(holder);
  }

  /** Changes all subjects of the page, a step at a time; tells of how many a cursor moved. */
  async #changeAll(
    page: Omit<SubjectPage, "after">,
    choice: WebhookChoice,
    change: (subject: WebhookSubject) => WebhookSubject,
  ): Promise<number> {
    const { subjects, pause } = this.#parts;
    let changed = 0;
    let after: WebhookSubject | undefined;
    for (;;) {
      const step = await subjects.page(after === undefined ? page : { ...page, after }, subjectsPerStep);
      for (const { uid } of step.filter((one) => isChosen(one, choice))) {
        let hasMoved = false;
        await subjects.change({ uid }, (now) => {
          const next = now && change(now);
          hasMoved = next?.cursors.some((cursor, i) => cursor !== now?.cursors[i]) ?? false;
          return next;
        });
        if (hasMoved) changed += 1;
      }
      after = step.at(-1);
      if (after === undefined || step.length < subjectsPerStep) return changed;
      await pause();
    }
  }
}

type Facts = [WebhookFact, ...WebhookFact[]];

/** What is told of one subject is one change of it. */
function bySubject(facts: readonly WebhookFact[]): ReadonlyMap<string, Facts> {
  const found = new Map<string, Facts>();
  for (const fact of facts) {
    const key = `${fact.kind} ${fact.of}`;
    const known = found.get(key);
    if (known) known.push(fact);
    else found.set(key, [fact]);
  }
  return found;
}
