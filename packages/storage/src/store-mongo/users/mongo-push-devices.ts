import type { Instant, PushDevice, PushDevices } from "@echoo/core";
import type { Collection } from "mongodb";
import { byCodePoint } from "../../tables/store-tables.ts";
import { isDuplicate } from "../link/mongo-fault.ts";
import type { MongoLink } from "../link/mongo-link.ts";
import { retryOptimistically } from "../link/optimistic-retry.ts";
import { text, textOrAbsent } from "../link/stored-text.ts";
import type { Untold } from "../webhooks/untold.ts";
import type { TokenDocument } from "./mongo-tokens.ts";

export interface PushDeviceDocument extends PushDevice {
  readonly _id: string;
  /** Its address is gone, which was not told yet. */
  readonly gone?: true;
}

/** Those that are there. */
export const thereIs = { gone: { $exists: false } } as const;

export function toPushDevice({ _id, gone: _gone, ...device }: PushDeviceDocument): PushDevice {
  return device;
}

/** As JSON, since either part may have any character in it. */
export function pushDeviceId(userId: string, deviceId: string): string {
  return JSON.stringify([text(userId), text(deviceId)]);
}

export function toPushDeviceDocument(device: PushDevice): PushDeviceDocument {
  const { userId, deviceId, platform, name, locale, address, addressKey, tokenId, tokenKind } = device;
  const { createdAtMs, registeredAtMs, dueAtMs } = device;
  return {
    _id: pushDeviceId(userId, deviceId),
    ...{ userId: text(userId), deviceId: text(deviceId), platform },
    ...textOrAbsent("name", name),
    ...textOrAbsent("locale", locale),
    ...{ address: text(address), addressKey: text(addressKey), tokenId: text(tokenId), tokenKind },
    ...{ createdAtMs, registeredAtMs, dueAtMs },
  };
}

/** Of these devices, until when each lives; one whose own token is gone is not among them. */
export async function livesUntil(
  link: MongoLink,
  devices: readonly PushDevice[],
): Promise<ReadonlyMap<PushDevice, Instant>> {
  const ids = devices.filter(({ tokenKind }) => tokenKind === "own").map(({ tokenId }) => tokenId);
  const tokens = link.collection<TokenDocument>("tokens");
  const found = ids.length === 0 ? [] : await link.run(() => tokens.find({ _id: { $in: ids } }).toArray());
  const byId = new Map(found.map((token) => [token._id, token]));
  const until = new Map<PushDevice, Instant>();
  for (const device of devices) {
    const token = byId.get(device.tokenId);
    if (device.tokenKind === "host") until.set(device, device.dueAtMs);
    else if (token?.userId === device.userId) until.set(device, token.expiresAtMs);
  }
  return until;
}

export function mongoPushDevices(link: MongoLink, untold: Pick<Untold, "isTelling" | "deviceGone">): PushDevices {
  const devices = link.collection<PushDeviceDocument>("push_devices");

  return {
    put: (device, maxOfUser) => put(link, devices, device, maxOfUser),
    async list(userId, nowMs) {
      const found = (await link.run(() => devices.find({ userId: text(userId), ...thereIs }).toArray())).map(
        toPushDevice,
      );
      const until = await livesUntil(link, found);
      const living = found.filter((device) => (until.get(device) ?? 0) > nowMs);
      return living.sort((a, b) => byCodePoint(a.deviceId, b.deviceId));
    },
    async remove(userId, deviceId) {
      const which = { _id: pushDeviceId(userId, deviceId), ...thereIs };
      return (await link.run(() => devices.deleteOne(which))).deletedCount === 1;
    },
    async addressGone(userId, deviceId, address) {
      const same = { _id: pushDeviceId(userId, deviceId), address: text(address), ...thereIs };
      if (!untold.isTelling) return (await link.run(() => devices.deleteOne(same))).deletedCount === 1;
      const gone = await link.run(() => devices.findOneAndUpdate(same, { $set: { gone: true } }));
      if (gone !== null) await untold.deviceGone(toPushDevice(gone));
      return gone !== null;
    },
    async removeOfToken(userId, tokenId) {
      const which = tokenId === undefined ? ({ tokenKind: "host" } as const) : { tokenId: text(tokenId) };
      await link.run(() => devices.deleteMany({ userId: text(userId), ...which }));
    },
    async hasAny() {
      return (await link.run(() => devices.findOne({}, { projection: { _id: 1 } }))) !== null;
    },
    async sweep(nowMs, limit) {
      const due = devices
        .find({ dueAtMs: { $lte: nowMs }, ...thereIs })
        .sort({ dueAtMs: 1 })
        .limit(limit);
      const found = await link.run(() => due.toArray());
      const until = await livesUntil(link, found);
      for (const device of found) {
        const { _id, registeredAtMs } = device;
        const aliveUntilMs = until.get(device) ?? 0;
        // One that was registered anew meanwhile is another.
        const same = { _id, registeredAtMs };
        if (aliveUntilMs > nowMs) await link.run(() => devices.updateOne(same, { $set: { dueAtMs: aliveUntilMs } }));
        else await link.run(() => devices.deleteOne(same));
      }
      return found.length;
    },
  };
}

async function put(
  link: MongoLink,
  devices: Collection<PushDeviceDocument>,
  device: PushDevice,
  maxOfUser: number,
): Promise<"created" | "updated"> {
  const { _id, createdAtMs, gone: _gone, ...document } = toPushDeviceDocument(device);
  const outcome = await retryOptimistically(async () => {
    await link.run(() => devices.deleteMany({ addressKey: document.addressKey, _id: { $ne: _id } }));
    const absent = (["name", "locale"] as const).filter((field) => document[field] === undefined);
    const unset = Object.fromEntries([...absent, "gone" as const].map((field) => [field, true as const]));
    try {
      const change = { $set: document, $setOnInsert: { createdAtMs }, $unset: unset };
      const done = await link.run(() => devices.updateOne({ _id }, change, { upsert: true }));
      return done.upsertedCount === 1 ? ("created" as const) : ("updated" as const);
    } catch (error) {
      // Another device of the same address, or this one, was registered at the same moment.
      if (isDuplicate(error)) return undefined;
      throw error;
    }
  });
  const found = await link.run(() => devices.find({ userId: document.userId }).toArray());
  const until = await livesUntil(link, found);
  const dead = found.filter((other) => (until.get(other) ?? 0) <= device.registeredAtMs && other._id !== _id);
  const byAge = found.filter((other) => !dead.includes(other)).sort((a, b) => b.registeredAtMs - a.registeredAtMs);
  const ids = [...dead, ...byAge.slice(maxOfUser)].map((each) => each._id);
  if (ids.length > 0) await link.run(() => devices.deleteMany({ _id: { $in: ids } }));
  return outcome;
}
