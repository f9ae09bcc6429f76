import type { Audit } from "@echoo/accounts";
import {
  type Clock,
  type Ids,
  type ListedDelivery,
  type Store,
  settingsWebhookId,
  type Webhook,
  type WebhookChoice,
} from "@echoo/core";
import { limits, Refusal, type WebhookBody, type WebhookDeliveryBody } from "@echoo/protocol";
import { type AddressRules, refusedAddress } from "../../../outbound/address-rules.ts";
import { instantOf } from "../../replies/instant.ts";
import type { Caller } from "../../requests/authenticate.ts";
import { invalid, type RequestContext } from "../../requests/request-context.ts";
import type { Handlers } from "../../route.ts";

export interface AdminWebhookDeps {
  readonly store: Pick<Store, "webhooks">;
  readonly clock: Pick<Clock, "now">;
  readonly ids: Pick<Ids, "tokenId">;
  readonly audit: Audit;
}

/** What administration needs of the webhooks themselves. */
export interface WebhookAdministration {
  readonly rules: AddressRules;
  readonly newSecret: () => string;
  /** Something may be due. */
  readonly wake: () => void;
}

type Asked = Pick<RequestContext, "address" | "requestId"> & { readonly caller: Caller };

/** Where events are posted to, and what becomes of them. */
export function adminWebhookRoutes(
  deps: AdminWebhookDeps,
  administration: WebhookAdministration,
): Handlers<TargetIds | DeliveryIds> {
  return { ...targetRoutes(deps, administration), ...deliveryRoutes(deps, administration) };
}

type TargetIds =
  | "adminListWebhooks"
  | "adminCreateWebhook"
  | "adminDeleteWebhook"
  | "adminChangeWebhook"
  | "adminRotateWebhook";

function targetRoutes(deps: AdminWebhookDeps, administration: WebhookAdministration): Handlers<TargetIds> {
  const { webhooks } = deps.store;
  const { rules, newSecret, wake } = administration;

  return {
    adminListWebhooks: async () => {
      const [all, counts] = await Promise.all([webhooks.list(), webhooks.counts()]);
      return { status: 200, body: { webhooks: all.map(webhookBody), ...counts } };
    },

    adminCreateWebhook: async ({ body, ...asked }) => {
      requireUsable(body.url, rules);
      const secret = newSecret();
      const made = { id: deps.ids.tokenId(), url: body.url, secrets: [secret], createdAtMs: deps.clock.now() };
      if ((await webhooks.put(made, limits.webhooks)) === "full") {
        throw new Refusal("conflict", { message: `There are ${limits.webhooks} webhooks already.` });
      }
      noteChange(deps, asked, "a webhook was added");
      wake();
      return { status: 201, body: { webhook: webhookBody(made), secret } };
    },

    adminDeleteWebhook: async ({ params, ...asked }) => {
      const { id } = await changeable(webhooks, params.webhookId);
      await webhooks.remove(id);
      noteChange(deps, asked, "a webhook was removed");
      return { status: 200, body: { success: true } };
    },

    adminChangeWebhook: async ({ params, body, ...asked }) => {
      requireUsable(body.url, rules);
      const changed = { ...(await changeable(webhooks, params.webhookId)), url: body.url };
      await webhooks.put(changed, limits.webhooks);
      noteChange(deps, asked, "a webhook got another address");
      return { status: 200, body: { webhook: webhookBody(changed) } };
    },

    adminRotateWebhook: async ({ params, ...asked }) => {
      const found = await changeable(webhooks, params.webhookId);
      const secret = newSecret();
      const rotated = { ...found, secrets: [secret, ...found.secrets.slice(0, 1)] };
      await webhooks.put(rotated, limits.webhooks);
      noteChange(deps, asked, "a webhook got another secret");
      return { status: 200, body: { webhook: webhookBody(rotated), secret } };
    },
  };
}

type DeliveryIds = "adminListWebhookDeliveries" | "adminRetryWebhooks" | "adminReplayWebhooks";

function deliveryRoutes(deps: AdminWebhookDeps, { wake }: WebhookAdministration): Handlers<DeliveryIds> {
  const { webhooks } = deps.store;
  return {
    adminListWebhookDeliveries: async ({ query }) => {
      const found = await webhooks.deliveries(query.standing, choiceOf(query), query.limit);
      return { status: 200, body: { deliveries: found.map(deliveryBody) } };
    },

    adminRetryWebhooks: async ({ body, ...asked }) => {
      const changed = await webhooks.retry(choiceOf(body ?? {}), deps.clock.now());
      noteChange(deps, asked, "parked events are posted again");
      wake();
      return { status: 200, body: { changed } };
    },

    adminReplayWebhooks: async ({ body, ...asked }) => {
      const changed = await webhooks.replay(choiceOf(body), body.since, deps.clock.now());
      noteChange(deps, asked, "events are posted once more");
      wake();
      return { status: 200, body: { changed } };
    },
  };
}

function requireUsable(url: string, rules: AddressRules): void {
  const why = refusedAddress(url, rules);
  if (why !== undefined) throw invalid("url", why);
}

/** That of the settings is changed there. */
async function changeable(webhooks: Store["webhooks"], id: string): Promise<Webhook> {
  if (id === settingsWebhookId) throw new Refusal("conflict", { message: "This webhook is that of the settings." });
  const found = (await webhooks.list()).find((webhook) => webhook.id === id);
  if (found === undefined) throw new Refusal("not_found");
  return found;
}

function noteChange({ audit }: AdminWebhookDeps, { caller, address, requestId }: Asked, note: string): void {
  const who = caller.kind === "user" ? { user: caller.userId } : { how: "command line" as const };
  audit.note("admin_changed_webhooks", { ...who, address, requestId, note });
}

function choiceOf({ webhook, event }: { webhook?: string | undefined; event?: string | undefined }): WebhookChoice {
  return { ...(webhook === undefined ? {} : { webhook }), ...(event === undefined ? {} : { event }) };
}

function webhookBody({ id, url, secrets, createdAtMs }: Webhook): WebhookBody {
  const ofSettings = id === settingsWebhookId;
  return { id, url, createdAt: instantOf(createdAtMs), ofSettings, rotating: secrets.length > 1 };
}

function deliveryBody({ webhook, event, standing, attempts, dueAtMs, lastError }: ListedDelivery): WebhookDeliveryBody {
  const { type, id, sequence, atMs, data } = event;
  return {
    webhook,
    event: { type, id, sequence, time: instantOf(atMs), data: JSON.parse(data) as unknown },
    standing,
    attempts,
    ...(dueAtMs === undefined ? {} : { dueAt: instantOf(dueAtMs) }),
    ...(lastError === undefined ? {} : { lastError }),
  };
}
