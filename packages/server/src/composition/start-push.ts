import type { UserFactsCache } from "@echoo/accounts";
import type { Clock, PushPlatform, PushService, Store } from "@echoo/core";
import type { Config } from "../config/read-config.ts";
import type { PushKinds } from "../http/routes/push-routes.ts";
import type { Logger } from "../observability/logging.ts";
import type { Metrics } from "../observability/metrics.ts";
import { type AddressRules, refusedAddress } from "../outbound/address-rules.ts";
import { createPoster } from "../outbound/bounded-post.ts";
import { createApnsSender } from "../push/apns-sender.ts";
import { createFcmSender } from "../push/fcm-sender.ts";
import { pushDelivery } from "../push/push-delivery.ts";
import { PushQueue } from "../push/push-queue.ts";
import { type PushSender, sendMs } from "../push/push-sender.ts";
import { createRingTickets, type RingTickets } from "../push/ring-tickets.ts";
import { createWebKeys, type WebKeys } from "../push/web-keys.ts";
import { createWebSender } from "../push/web-sender.ts";
import type { ShutdownSteps } from "./shutdown-steps.ts";

type PushSettings = Pick<
  Config,
  | "apnsKey"
  | "apnsKeyId"
  | "apnsSandbox"
  | "apnsTeamId"
  | "apnsTopic"
  | "fcmCredentials"
  | "port"
  | "production"
  | "publicUrl"
  | "pushAllowPrivate"
  | "pushHosts"
  | "pushNames"
  | "vapidSubject"
>;

interface PushDeps {
  readonly config: PushSettings;
  readonly store: Pick<Store, "calls" | "contacts" | "keys" | "pushDevices" | "users">;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, "pushed">;
  /** The server's own. */
  readonly secret: string;
  readonly userFacts: Pick<UserFactsCache, "refresh">;
  readonly steps: Pick<ShutdownSteps, "add">;
}

export interface Push {
  readonly service: PushService;
  readonly kinds: PushKinds;
  readonly tickets: RingTickets;
}

export const replyBytesMax = 64 * 1024;
/** A server that has no device yet asks as often whether another one registered some. */
const lookEveryMs = 60_000;
/** Refusals of one service for one reason are our own fault: they are said once in so long. */
const sayEveryMs = 3_600_000;

/** What brings calls to devices. Its key is made at the first start, or as soon as the database is there. */
export function startPush(deps: PushDeps): Push {
  const { config, store, clock, metrics, secret, userFacts, steps } = deps;
  const tickets = createRingTickets(secret, clock);
  const webKeys = createWebKeys(store.keys, clock);
  // Where the database is away it is made with the first question.
  webKeys.load().catch(() => {});
  const senders = sendersOf(deps, webKeys);
  const names = config.pushNames;
  const onRefused = sayRefusals(deps);
  const deliver = pushDelivery({ store, clock, userFacts, tickets, names, senders, onRefused });
  const onFault = (err: unknown) => deps.logger.error({ err }, "a push could not be made");
  const queue = new PushQueue({ clock, deliver, onOutcome: (count) => metrics.pushed(count), onFault });
  const stopLooking = lookForDevices(deps, queue);
  steps.add("push", () => {
    stopLooking();
    queue.stop();
    for (const sender of Object.values(senders)) sender.close();
  });
  const rules = rulesOf(config);
  const kinds: PushKinds = {
    webKey: async () => (await webKeys.load()).publicKey,
    fcm: senders.fcm !== undefined,
    apns: senders.apns !== undefined,
    refusedEndpoint: (endpoint) => refusedAddress(endpoint, rules),
    deviceRegistered: () => {
      queue.isUsed = true;
    },
  };
  return { service: queue, kinds, tickets };
}

function rulesOf({ production, pushAllowPrivate, pushHosts }: PushSettings): AddressRules {
  return { allowPrivate: pushAllowPrivate, allowLoopback: !production, hosts: pushHosts };
}

type Senders = { web: PushSender } & { [P in PushPlatform]?: PushSender };

function sendersOf({ config, clock }: PushDeps, keys: WebKeys): Senders {
  const poster = (rules: AddressRules) => createPoster({ rules, clock, withinMs: sendMs, replyBytesMax });
  const pageUrl = config.publicUrl ?? `http://localhost:${config.port}`;
  const subject = config.vapidSubject ?? pageUrl;
  const web = createWebSender({ keys, poster: poster(rulesOf(config)), clock, subject, pageUrl });
  const senders: Senders = { web };
  // Where these are is the operator's, and no user's, to say.
  const anywhere = { allowPrivate: true, allowLoopback: true, hosts: [] };
  if (config.fcmCredentials !== undefined) {
    const { fcmCredentials: credentials } = config;
    senders.fcm = createFcmSender({
      credentials,
      poster: poster(anywhere),
      clock,
      origin: "https://fcm.googleapis.com",
    });
  }
  const { apnsKey: key, apnsKeyId: keyId, apnsTeamId: teamId, apnsTopic: topic } = config;
  if (key !== undefined && keyId !== undefined && teamId !== undefined && topic !== undefined) {
    const host = config.apnsSandbox ? "api.sandbox.push.apple.com" : "api.push.apple.com";
    senders.apns = createApnsSender({ key, keyId, teamId, topic, clock, origin: `https://${host}` });
  }
  return senders;
}

function sayRefusals({ logger, clock }: PushDeps): (platform: PushPlatform, why: string) => void {
  const said = new Map<PushPlatform, number>();
  return (platform, why) => {
    const atMs = clock.steady();
    if (atMs - (said.get(platform) ?? Number.NEGATIVE_INFINITY) < sayEveryMs) return;
    said.set(platform, atMs);
    logger.warn({ platform, why }, "a push service refuses what it is sent: see to its key and settings");
  };
}

/** Until there is a device, calls to users of whom nothing is in memory end at once. */
function lookForDevices({ store, clock }: PushDeps, queue: PushQueue): () => void {
  let cancel: (() => void) | undefined;
  let isStopped = false;
  const look = () => {
    store.pushDevices
      .hasAny()
      .then((hasAny) => {
        queue.isUsed ||= hasAny;
      })
      .catch(() => {})
      .finally(() => {
        if (!isStopped && !queue.isUsed) cancel = clock.after(lookEveryMs, look);
      });
  };
  look();
  return () => {
    isStopped = true;
    cancel?.();
  };
}
