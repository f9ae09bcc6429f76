import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import type { WebhookFact } from "@echoo/core";
import { openSqliteStore } from "@echoo/storage";
import { FakeClock, pause, tellingOfTests } from "@echoo/testkit";
import type { Poster, PostReply } from "../../src/outbound/bounded-post.ts";
import { WebhookSender } from "../../src/webhooks/webhook-sender.ts";

export interface Posted {
  readonly url: string;
  readonly id: string;
  readonly type: string;
  readonly of: string;
  readonly sequence: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly atMs: number;
}

type Answer = (posted: Posted) => Partial<PostReply> | Promise<Partial<PostReply>>;

export const secret = "whsec_c2lnbmVkIGZvciB0ZXN0cyBhbG9uZQ==";

/** A store, a clock that the test moves, and receivers that are functions. */
export function webhookWorld(t: TestContext) {
  const dir = mkdtempSync(join(tmpdir(), "echoo-webhooks-"));
  const clock = new FakeClock();
  const store = openSqliteStore({ pause, telling: tellingOfTests(), file: join(dir, "echoo.db") });
  const posted: Posted[] = [];
  const taken: Posted[] = [];
  const outcomes: string[] = [];
  const faults: unknown[] = [];
  const senders = new Set<WebhookSender>();
  const world = { answer: (() => ({ status: 200 })) as Answer };

  function poster(): Poster {
    let close = () => {};
    const closed = new Promise<never>((_, reject) => {
      close = () => reject(new Error("closed"));
    });
    closed.catch(() => {});
    return {
      close: () => close(),
      async post({ url, headers, body }) {
        const { id, type, sequence, data } = JSON.parse(String(body));
        const of = data.callId ?? data.phone;
        const post = { url, id, type, of, sequence, headers, body: String(body), atMs: clock.now() };
        posted.push(post);
        const given = await Promise.race([closed, world.answer(post)]);
        const reply = { status: 200, headers: {}, body: "", ...given };
        if (reply.status < 300) taken.push(post);
        return reply;
      },
    };
  }

  function startSender(holder = "node", ownPoster = poster()): WebhookSender {
    const sender = new WebhookSender({
      webhooks: store.webhooks,
      clock,
      random: () => 0,
      poster: ownPoster,
      holder,
      ownSecrets: [secret],
      onOutcome: (outcome) => void outcomes.push(outcome),
      onFault: (error) => void faults.push(error),
    });
    senders.add(sender);
    return sender;
  }

  t.after(async () => {
    for (const sender of senders) await sender.stop();
    await store.close();
    rmSync(dir, { recursive: true });
    assert.deepEqual(faults, []);
  });

  /** Lets time go by, a second after the other, with all that follows from each. */
  async function pass(ms: number, stepMs = 1_000): Promise<void> {
    for (let left = ms; left > 0; left -= stepMs) {
      clock.advance(Math.min(left, stepMs));
      await settle();
    }
  }

  const announce = (callIds: readonly string[], type: WebhookFact["type"]) =>
    store.webhooks.announce(callIds.map((callId) => factOf(callId, type, clock.now())));
  return { clock, store, posted, taken, outcomes, world, startSender, pass, announce };
}

/** Lets everything go on that only waits for promises. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 12; i++) await new Promise((resolve) => setImmediate(resolve));
}

function factOf(callId: string, type: WebhookFact["type"], atMs: number): WebhookFact {
  const data = JSON.stringify({ callId, caller: "+491", callee: "+492" });
  return { kind: "call", of: callId, type, id: `evt_${callId}_${type}`, atMs, parties: ["+491", "+492"], data };
}

/** Of each subject the sequences, as they came: without the repetitions that "at least once" allows. */
export function sequencesOf(posts: readonly Posted[]): ReadonlyMap<string, readonly number[]> {
  const found = new Map<string, number[]>();
  for (const { of, sequence } of posts) {
    const known = found.get(of) ?? [];
    if (known.at(-1) !== sequence) known.push(sequence);
    found.set(of, known);
  }
  return found;
}
