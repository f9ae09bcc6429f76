import type { PushDevice, ServerKey } from "@echoo/core";
import type { Table, TablesOptions } from "../../tables/store-tables.ts";
import type { MongoLink } from "../link/mongo-link.ts";
import { text } from "../link/stored-text.ts";
import type { KeyDocument } from "../users/mongo-keys.ts";
import {
  livesUntil,
  type PushDeviceDocument,
  pushDeviceId,
  thereIs,
  toPushDevice,
  toPushDeviceDocument,
} from "../users/mongo-push-devices.ts";
import { mongoTable } from "./mongo-table.ts";

/** Whether a device lives is its token's to say, which is another collection: the dead ones are taken out of a step. */
export function pushDevicesTable(link: MongoLink, { nowMs }: TablesOptions): Table<PushDevice> {
  const all = mongoTable<PushDeviceDocument, PushDevice>(link, {
    collection: link.collection("push_devices"),
    living: thereIs,
    idOf: ([userId, deviceId = ""]) => pushDeviceId(userId, deviceId),
    toEntry: toPushDevice,
    toDocument: toPushDeviceDocument,
    chars: ({ address }) => address.length + 1000,
  });
  async function living(devices: readonly PushDevice[]): Promise<readonly PushDevice[]> {
    const until = await livesUntil(link, devices);
    return devices.filter((device) => (until.get(device) ?? 0) > nowMs);
  }
  return {
    ...all,
    async read(from, limit) {
      const step = await all.read(from, limit);
      return { ...step, entries: await living(step.entries) };
    },
    find: async (keys) => living(await all.find(keys)),
  };
}

export function keysTable(link: MongoLink): Table<ServerKey> {
  return mongoTable<KeyDocument, ServerKey>(link, {
    collection: link.collection("server_keys"),
    idOf: ([name]) => name,
    toEntry: ({ _id: name, value, createdAtMs }) => ({ name, value, createdAtMs }),
    toDocument: ({ name, value, createdAtMs }) => ({ _id: text(name), value: text(value), createdAtMs }),
    chars: ({ value }) => value.length + 100,
  });
}
