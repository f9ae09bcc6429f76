import { createHash } from "node:crypto";
import type { Accounts } from "@echoo/accounts";
import type { Clock, PushDevice, PushPlatform, SignalingControl, Store } from "@echoo/core";
import { limits, type PushRegistration, Refusal } from "@echoo/protocol";
import { pushDeviceBody } from "../bodies/push-device-body.ts";
import { ownNumber, tokenOf } from "../requests/acting-user.ts";
import { invalid } from "../requests/request-context.ts";
import type { Handlers } from "../route.ts";

/** What the server can push to. */
export interface PushKinds {
  /** The key that browsers subscribe with. */
  webKey(): Promise<string>;
  readonly fcm: boolean;
  readonly apns: boolean;
  /** Why a browser's push service may not be used, in words. */
  refusedEndpoint(endpoint: string): string | undefined;
  /** There is a device now. */
  deviceRegistered(): void;
}

interface PushRouteDeps {
  readonly store: Pick<Store, "pushDevices" | "users">;
  readonly accounts: Pick<Accounts, "userIdRule">;
  readonly live: Pick<SignalingControl, "personChanged">;
  readonly clock: Pick<Clock, "now">;
  readonly push: PushKinds;
}

type PushIds = "getPush" | "listPushDevices" | "putPushDevice" | "deletePushDevice";

/** How long a device of the host product's token stays from its last registration. */
const hostDeviceMs = 30 * 24 * 3_600_000;

export function pushRoutes(deps: PushRouteDeps): Handlers<PushIds> {
  const { store, live, clock, push } = deps;

  return {
    getPush: async () => {
      return { status: 200, body: { webKey: await push.webKey(), fcm: push.fcm, apns: push.apns } };
    },

    listPushDevices: async ({ caller, params }) => {
      const owner = await ownNumber(deps, caller, params.phone);
      const devices = await store.pushDevices.list(owner, clock.now());
      const { id } = tokenOf(caller);
      return { status: 200, body: { devices: devices.map((device) => pushDeviceBody(device, id)) } };
    },

    putPushDevice: async ({ caller, params, body }) => {
      const owner = await ownNumber(deps, caller, params.phone);
      requireUsable(push, body);
      const token = tokenOf(caller);
      const nowMs = clock.now();
      const place = addressOf(body);
      const device: PushDevice = {
        userId: owner,
        deviceId: params.deviceId,
        platform: body.platform,
        ...(body.name === undefined ? {} : { name: body.name }),
        ...(body.locale === undefined ? {} : { locale: body.locale }),
        ...place,
        tokenId: token.id,
        tokenKind: token.kind,
        createdAtMs: nowMs,
        registeredAtMs: nowMs,
        dueAtMs: token.kind === "own" ? token.expiresAtMs : nowMs + hostDeviceMs,
      };
      const outcome = await store.pushDevices.put(device, limits.pushDevicesPerUser);
      push.deviceRegistered();
      await live.personChanged(owner);
      const kept = (await store.pushDevices.list(owner, nowMs)).find(({ deviceId }) => deviceId === device.deviceId);
      // The token ended, or the account was erased, while the database worked.
      if (kept === undefined) throw new Refusal("unauthorized");
      return { status: outcome === "created" ? 201 : 200, body: { device: pushDeviceBody(kept, token.id) } };
    },

    deletePushDevice: async ({ caller, params }) => {
      const owner = await ownNumber(deps, caller, params.phone);
      if (!(await store.pushDevices.remove(owner, params.deviceId))) throw new Refusal("not_found");
      await live.personChanged(owner);
      return { status: 200, body: { success: true } };
    },
  };
}

function requireUsable(push: PushKinds, body: PushRegistration): void {
  if (body.platform === "web") {
    const why = push.refusedEndpoint(body.subscription.endpoint);
    if (why !== undefined) throw invalid("subscription.endpoint", `the server may not push there: ${why}`);
  } else if (!push[body.platform]) {
    const missing = { fcm: "Firebase", apns: "Apple" }[body.platform];
    throw new Refusal("conflict", { message: `This server has no key of ${missing}'s push service.` });
  }
}

/** As it is stored, and what names it: the same place is the same device, whatever else is said of it. */
function addressOf(body: PushRegistration): Pick<PushDevice, "address" | "addressKey"> {
  switch (body.platform) {
    case "web": {
      const { endpoint, keys } = body.subscription;
      const { p256dh, auth } = keys;
      return { address: JSON.stringify({ endpoint, keys: { p256dh, auth } }), addressKey: keyOf("web", endpoint) };
    }
    case "fcm":
      return { address: JSON.stringify({ token: body.token }), addressKey: keyOf("fcm", body.token) };
    case "apns": {
      const { token, voipToken } = body;
      const tokens = { voipToken, ...(token === undefined ? {} : { token }) };
      return { address: JSON.stringify(tokens), addressKey: keyOf("apns", voipToken) };
    }
  }
}

function keyOf(platform: PushPlatform, place: string): string {
  return createHash("sha256").update(`${platform}:${place}`).digest("base64url");
}
