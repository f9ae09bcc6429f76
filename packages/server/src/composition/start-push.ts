import type { Clock, Store } from "@echoo/core";
import type { Config } from "../config/read-config.ts";
import type { PushKinds } from "../http/routes/push-routes.ts";
import { type AddressRules, refusedAddress } from "../outbound/address-rules.ts";
import { createWebKeys } from "../push/web-keys.ts";

interface PushDeps {
  readonly config: Pick<Config, "production" | "pushAllowPrivate" | "pushHosts">;
  readonly store: Pick<Store, "keys">;
  readonly clock: Clock;
}

/** What the server can push to. Its key is made at the first start, or as soon as the database is there. */
export function startPush({ config, store, clock }: PushDeps): PushKinds {
  const { production, pushAllowPrivate: allowPrivate, pushHosts: hosts } = config;
  const rules: AddressRules = { allowPrivate, allowLoopback: !production, hosts };
  const webKeys = createWebKeys(store.keys, clock);
  // Where the database is away it is made with the first question.
  webKeys.load().catch(() => {});
  return {
    webKey: async () => (await webKeys.load()).publicKey,
    fcm: false,
    apns: false,
    refusedEndpoint: (endpoint) => refusedAddress(endpoint, rules),
  };
}
