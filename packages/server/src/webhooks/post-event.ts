import type { Clock, Instant, Webhook, WebhookEvent, WebhookOutcome } from "@echoo/core";
import type { Poster, PostReply } from "../outbound/bounded-post.ts";
import { standardHeaders } from "../outbound/standard-webhook.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** Waits before the next try, each with up to a fifth more by chance; the last one again and again. */
const pausesMs = [5_000, 30_000, 2 * minuteMs, 10 * minuteMs, 30 * minuteMs, hourMs, 2 * hourMs, 4 * hourMs];
/** A receiver that names a longer wait is asked again all the same. */
const longestNamedPauseMs = hourMs;

interface PostDeps {
  readonly poster: Poster;
  readonly clock: Pick<Clock, "now">;
  /** A number in [0, 1). */
  readonly random: () => number;
}

/** Posts one event once. Taken is what is answered with 2xx. */
export async function postEvent(
  { poster, clock, random }: PostDeps,
  { url, secrets }: Pick<Webhook, "url" | "secrets">,
  event: WebhookEvent,
  attempts: number,
): Promise<WebhookOutcome> {
  const body = bodyOf(event);
  const headers = standardHeaders(secrets, { id: event.id, body, nowMs: clock.now() });
  const pauseMs = (pausesMs[attempts] ?? pausesMs.at(-1) ?? hourMs) * (1 + random() / 5);
  const failed = (why: string, afterMs = pauseMs): WebhookOutcome => {
    return { outcome: "failed", why, againAtMs: clock.now() + Math.round(afterMs) };
  };
  try {
    const reply = await poster.post({ url, headers, body });
    if (reply.status >= 200 && reply.status < 300) return { outcome: "delivered" };
    return failed(whyOf(reply), Math.max(pauseMs, namedPauseMs(reply, clock.now())));
  } catch (error) {
    return failed(wordsOf(error));
  }
}

/** What is posted, byte for byte: the signature is of this. */
function bodyOf({ type, id, sequence, atMs, data }: WebhookEvent): string {
  const time = new Date(Math.floor(atMs)).toISOString();
  return JSON.stringify({ type, id, sequence, time, data: JSON.parse(data) as unknown });
}

/** What broke a post off is behind the error that it was broken off with. */
function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.name === "AbortError" && error.cause instanceof Error ? error.cause.message : error.message;
}

function whyOf({ status }: PostReply): string {
  const isRedirect = status >= 300 && status < 400;
  return `it answered ${status}${isRedirect ? "; redirects are not followed" : ""}`;
}

function namedPauseMs({ headers }: PostReply, nowMs: Instant): number {
  const named = headers["retry-after"];
  if (named === undefined) return 0;
  const ms = /^\d{1,9}$/.test(named) ? Number(named) * 1000 : Date.parse(named) - nowMs;
  return Number.isFinite(ms) ? Math.min(Math.max(0, ms), longestNamedPauseMs) : 0;
}
