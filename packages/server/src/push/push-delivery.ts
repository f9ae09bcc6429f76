import type { UserFactsCache } from "@echoo/accounts";
import type { Clock, PushDevice, PushOrder, PushPlatform, Store } from "@echoo/core";
import { messageFor, type PushNames } from "./push-content.ts";
import type { PushSender, SendResult } from "./push-sender.ts";
import type { RingTickets } from "./ring-tickets.ts";

interface DeliveryDeps {
  readonly store: Pick<Store, "calls" | "contacts" | "pushDevices" | "users">;
  readonly clock: Clock;
  readonly userFacts: Pick<UserFactsCache, "refresh">;
  readonly tickets: RingTickets;
  readonly names: PushNames;
  readonly senders: { readonly [P in PushPlatform]?: PushSender };
  readonly onRefused: (platform: PushPlatform, why: string) => void;
}

type Delivered = SendResult | { readonly outcome: "seen" | "early" };

/** One attempt to tell a device: looks it up as it is now, words the message, and hands it to its service. */
export function pushDelivery(deps: DeliveryDeps): (order: PushOrder, isWanted: () => boolean) => Promise<Delivered> {
  const { store, clock, senders, userFacts } = deps;

  async function gone(device: PushDevice): Promise<Delivered> {
    // Registered anew meanwhile it has another address, and is left alone.
    await store.pushDevices.addressGone(device.userId, device.deviceId, device.address);
    await userFacts.refresh(device.userId);
    return { outcome: "gone" };
  }

  return async (order, isWanted) => {
    const devices = await store.pushDevices.list(order.callee, clock.now());
    const device = devices.find(({ deviceId }) => deviceId === order.device);
    if (device === undefined) {
      // Its token has ended since.
      await userFacts.refresh(order.callee);
      return { outcome: "gone" };
    }
    const sender = senders[device.platform];
    if (sender === undefined) return refused(deps, device, "no key of that service is set");
    const message = await messageFor(deps, order, device);
    if (typeof message === "string") return { outcome: message };
    // It took a while to word it.
    if (!isWanted()) return { outcome: "seen" };
    const result = await sender.send(device.address, message);
    if (result.outcome === "gone") return gone(device);
    return result.outcome === "refused" ? refused(deps, device, result.why) : result;
  };
}

function refused({ onRefused }: DeliveryDeps, { platform }: PushDevice, why: string): SendResult {
  onRefused(platform, why);
  return { outcome: "refused", why };
}
