import type { Clock, Ids, Store } from "@echoo/core";
import { limits } from "@echoo/protocol";
import type { Config } from "../config/read-config.ts";
import type { Logger } from "../observability/logging.ts";
import type { Metrics } from "../observability/metrics.ts";
import type { AddressRules } from "../outbound/address-rules.ts";
import { createPoster } from "../outbound/bounded-post.ts";
import { CallTeller } from "./call-teller.ts";
import { settingsWebhook } from "./settings-webhook.ts";
import { WebhookSender } from "./webhook-sender.ts";

type WebhookSettings = Pick<Config, "production" | "webhookAllowPrivate" | "webhookSecrets" | "webhookUrl">;

interface WebhookDeps {
  readonly config: WebhookSettings;
  readonly store: Pick<Store, "webhooks">;
  readonly clock: Clock;
  readonly ids: Pick<Ids, "sessionId">;
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, "webhookPosted">;
  /** A number in [0, 1). */
  readonly random: () => number;
  readonly randomSecret: () => string;
  readonly steps: { add(name: string, run: () => Promise<void>): void };
}

export interface RunningWebhooks {
  readonly teller: CallTeller;
  readonly sender: WebhookSender;
  /** What administrators may do to them. */
  readonly administration: {
    readonly rules: AddressRules;
    readonly newSecret: () => string;
    readonly wake: () => void;
  };
}

/** From the name to the last byte of the answer. */
export const webhookPostMs = 10_000;
const replyBytesMax = 64 * 1024;

function webhookRules(config: Pick<WebhookSettings, "production" | "webhookAllowPrivate">): AddressRules {
  return { allowPrivate: config.webhookAllowPrivate, allowLoopback: !config.production, hosts: [] };
}

/** A new name for an event. Random: that of an erased number cannot be found by it. */
export function newEventId(ids: Pick<Ids, "sessionId">): string {
  return `evt_${ids.sessionId()}`;
}

/** Starts what tells of calls, and what posts what was told to whoever is to hear of it. */
export function startWebhooks({
  config,
  store,
  clock,
  ids,
  logger,
  metrics,
  random,
  randomSecret,
  steps,
}: WebhookDeps): RunningWebhooks {
  const { webhooks } = store;
  const rules = webhookRules(config);
  const onFault = (err: unknown) => logger.error({ err }, "an event could not be told, or posted");
  const sender = new WebhookSender({
    webhooks,
    clock,
    random,
    poster: createPoster({ rules, clock, withinMs: webhookPostMs, replyBytesMax }),
    holder: ids.sessionId(),
    ownSecrets: config.webhookSecrets,
    onOutcome: (outcome, count) => metrics.webhookPosted(outcome, count),
    onFault,
  });
  const onKept = () => sender.wake();
  const stopKeeping = settingsWebhook({
    webhooks,
    clock,
    url: config.webhookUrl,
    max: limits.webhooks,
    onKept,
    onFault,
  });
  const teller = new CallTeller({
    webhooks,
    clock,
    newId: () => newEventId(ids),
    isUsed: () => config.webhookUrl !== undefined || sender.isUsed,
    onTold: () => sender.wake(),
    onFault,
  });
  steps.add("webhooks", async () => {
    stopKeeping();
    await teller.stop();
    await sender.stop();
  });
  const newSecret = () => `whsec_${Buffer.from(randomSecret(), "base64url").toString("base64")}`;
  return { teller, sender, administration: { rules, newSecret, wake: () => sender.wake() } };
}
