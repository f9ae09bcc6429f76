import type { Clock, Steady, Webhook, WebhookCounts, WebhookOutcome, WebhookSubject, Webhooks } from "@echoo/core";
import { StoreUnavailable } from "@echoo/core";
import { nextEvent } from "@echoo/storage";
import type { Poster } from "../outbound/bounded-post.ts";
import { postEvent } from "./post-event.ts";

export const senderBounds = {
  /** Subjects that one webhook is posted to for at once: one that is slow holds up itself alone. */
  atOncePerWebhook: 8,
  /** How often it is looked at what other nodes told, and what is due again. */
  lookEveryMs: 1_000,
  /** A node that dies has its work taken over after so long at most. */
  leaseMs: 30_000,
  renewEveryMs: 10_000,
  /** How long a subject rests whose post could not be noted. */
  restMs: 10_000,
  /** No post is begun so shortly before the lease ends: it may last as long. */
  leaseRestMs: 12_000,
  keepHouseEveryMs: 60_000,
  /** Beyond it the oldest go. */
  eventsKept: 200_000,
} as const;

interface SenderDeps {
  readonly webhooks: Webhooks;
  readonly clock: Clock;
  readonly random: () => number;
  readonly poster: Poster;
  /** Names this process among those of the system. */
  readonly holder: string;
  /** What signs where the settings say it. */
  readonly ownSecrets: readonly string[];
  readonly onOutcome: (outcome: WebhookOutcome["outcome"] | "parked" | "dropped", count: number) => void;
  readonly onFault: (error: unknown) => void;
}

/** Posts what is due: on one of all nodes, which has the lease, and of each subject one event at a time. */
export class WebhookSender {
  readonly #deps: SenderDeps;
  #targets: readonly Webhook[] = [];
  #counts: WebhookCounts = { waiting: 0, parked: 0 };
  /** For each webhook, the subjects that are under way. */
  readonly #underWay = new Map<string, Map<string, Promise<void>>>();
  readonly #rests = new Set<() => void>();
  #leaseUntilMs: Steady = Number.NEGATIVE_INFINITY;
  #renewAtMs: Steady = Number.NEGATIVE_INFINITY;
  #keepHouseAtMs: Steady = Number.NEGATIVE_INFINITY;
  #cancelLook: (() => void) | undefined;
  #looking: Promise<void> | undefined;
  #isWanted = false;
  #isStopped = false;

  constructor(deps: SenderDeps) {
    this.#deps = deps;
    this.wake();
  }

  /** As it was when it was looked at last. */
  get counts(): WebhookCounts {
    return this.#counts;
  }

  get isUsed(): boolean {
    return this.#targets.length > 0;
  }

  /** Something may be due. */
  wake(): void {
    if (this.#isStopped) return;
    this.#isWanted = true;
    if (this.#looking) return;
    this.#cancelLook?.();
    this.#looking = this.#look().finally(() => {
      this.#looking = undefined;
      if (this.#isWanted) this.wake();
      else if (!this.#isStopped) this.#cancelLook = this.#deps.clock.after(senderBounds.lookEveryMs, () => this.wake());
    });
  }

  /** What is under way is broken off, and posted again by whoever comes next. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancelLook?.();
    for (const cancel of this.#rests) cancel();
    this.#deps.poster.close();
    await this.#looking;
    await Promise.all([...this.#underWay.values()].flatMap((some) => [...some.values()]));
    if (this.#hasLease()) await this.#deps.webhooks.leaveLease(this.#deps.holder).catch(() => {});
  }

  async #look(): Promise<void> {
    this.#isWanted = false;
    const { webhooks, onFault } = this.#deps;
    try {
      this.#targets = await webhooks.list();
      if (!this.isUsed || !(await this.#holdLease())) return;
      await this.#keepHouse();
      for (const target of this.#targets) await this.#fill(target);
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) onFault(error);
    }
  }

  async #holdLease(): Promise<boolean> {
    const { webhooks, clock, holder } = this.#deps;
    const { leaseMs, renewEveryMs } = senderBounds;
    const atMs = clock.steady();
    if (atMs < this.#renewAtMs && this.#hasLease()) return true;
    const nowMs = clock.now();
    const isHeld = await webhooks.takeLease(holder, nowMs, nowMs + leaseMs);
    this.#leaseUntilMs = isHeld ? atMs + leaseMs : Number.NEGATIVE_INFINITY;
    this.#renewAtMs = atMs + renewEveryMs;
    return isHeld;
  }

  #hasLease(): boolean {
    return this.#deps.clock.steady() < this.#leaseUntilMs - senderBounds.leaseRestMs;
  }

  /** Once a minute: what dead processes left, what is too much, and how much waits. */
  async #keepHouse(): Promise<void> {
    const { webhooks, clock, onOutcome } = this.#deps;
    if (clock.steady() < this.#keepHouseAtMs) return;
    this.#keepHouseAtMs = clock.steady() + senderBounds.keepHouseEveryMs;
    await webhooks.finish(100);
    const dropped = await webhooks.trim(senderBounds.eventsKept);
    if (dropped > 0) onOutcome("dropped", dropped);
    this.#counts = await webhooks.counts();
  }

  /** Begins as many subjects as have room. */
  async #fill(target: Webhook): Promise<void> {
    const { webhooks, clock } = this.#deps;
    const busy = this.#underWay.get(target.id) ?? new Map<string, Promise<void>>();
    this.#underWay.set(target.id, busy);
    if (busy.size >= senderBounds.atOncePerWebhook) return;
    const due = await webhooks.due(target.id, clock.now(), senderBounds.atOncePerWebhook + busy.size);
    for (const subject of due) {
      if (this.#isStopped || busy.size >= senderBounds.atOncePerWebhook) return;
      if (busy.has(subject.uid)) continue;
      busy.set(subject.uid, this.#post(target, subject, busy));
    }
  }

  async #post(target: Webhook, subject: WebhookSubject, busy: Map<string, unknown>): Promise<void> {
    const over = () => {
      busy.delete(subject.uid);
      this.wake();
    };
    try {
      await this.#postAll(target, subject);
      over();
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) this.#deps.onFault(error);
      // What came of a post could not be noted: it is posted again, and not at once.
      const cancel = this.#deps.clock.after(senderBounds.restMs, () => {
        this.#rests.delete(cancel);
        over();
      });
      this.#rests.add(cancel);
    }
  }

  /** One event after the other, for as long as they are taken. */
  async #postAll(target: Webhook, first: WebhookSubject): Promise<void> {
    const { webhooks, clock, onOutcome, ownSecrets } = this.#deps;
    const secrets = target.secrets.length > 0 ? target.secrets : ownSecrets;
    let subject: WebhookSubject | undefined = first;
    while (subject !== undefined && !this.#isStopped && this.#hasLease()) {
      const cursor = subject.cursors.find(({ webhook }) => webhook === target.id);
      const event = nextEvent(subject, target.id);
      if (event === undefined || cursor?.standing !== "waiting" || cursor.dueAtMs > clock.now()) return;
      const outcome = await postEvent(this.#deps, { url: target.url, secrets }, event, cursor.attempts);
      // One that was broken off here says nothing of the receiver.
      if (this.#isStopped) return;
      const which = { webhook: target.id, sequence: event.sequence };
      subject = await webhooks.settle(subject.uid, which, outcome, clock.now());
      const isParked = subject?.cursors.some((one) => one.webhook === target.id && one.standing === "parked");
      onOutcome(isParked ? "parked" : outcome.outcome, 1);
    }
  }
}
