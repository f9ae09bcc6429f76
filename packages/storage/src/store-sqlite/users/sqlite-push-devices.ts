import type { PushDevice, PushDevices, PushPlatform } from "@echoo/core";
import type { SqlValue } from "../../sqlite/query.ts";
import type { SqliteFile } from "../../sqlite/sqlite-file.ts";
import type { AccountTeller } from "../../webhooks/account-teller.ts";
import { orNull, present } from "../row-values.ts";
import type { Settled } from "../settled.ts";

export interface PushDeviceRow {
  readonly user_id: string;
  readonly device_id: string;
  readonly platform: PushPlatform;
  readonly name: string | null;
  readonly locale: string | null;
  readonly address: string;
  readonly address_key: string;
  readonly token_id: string;
  readonly token_kind: PushDevice["tokenKind"];
  readonly created_at_ms: number;
  readonly registered_at_ms: number;
  readonly due_at_ms: number;
}

/** The first two are the key. */
export const pushDeviceColumns = [
  ...["user_id", "device_id", "platform", "name", "locale", "address", "address_key", "token_id", "token_kind"],
  ...["created_at_ms", "registered_at_ms", "due_at_ms"],
];

/** Takes one value, the time. The own token says itself whether it lives; one of the host product is not known here. */
export const livingPushDevice = `coalesce(iif(token_kind = 'own',
  (SELECT expires_at_ms FROM tokens WHERE tokens.id = token_id AND tokens.user_id = push_devices.user_id),
  due_at_ms), 0) > ?`;

export function toPushDevice(row: PushDeviceRow): PushDevice {
  return {
    userId: row.user_id,
    deviceId: row.device_id,
    platform: row.platform,
    ...present("name", row.name),
    ...present("locale", row.locale),
    address: row.address,
    addressKey: row.address_key,
    tokenId: row.token_id,
    tokenKind: row.token_kind,
    createdAtMs: row.created_at_ms,
    registeredAtMs: row.registered_at_ms,
    dueAtMs: row.due_at_ms,
  };
}

export function pushDeviceValues(device: PushDevice): SqlValue[] {
  const { userId, deviceId, platform, name, locale, address, addressKey, tokenId, tokenKind } = device;
  const place = [userId, deviceId, platform, orNull(name), orNull(locale), address, addressKey, tokenId, tokenKind];
  return [...place, device.createdAtMs, device.registeredAtMs, device.dueAtMs];
}

const insertSql = `INSERT INTO push_devices (${pushDeviceColumns.join(", ")})
  VALUES (${pushDeviceColumns.map(() => "?").join(", ")})`;
const ofUser = "SELECT * FROM push_devices WHERE user_id = ?";

export function sqlitePushDevices(file: SqliteFile, settled: Settled, teller: AccountTeller): PushDevices {
  const one = file.prepare<PushDeviceRow>(`${ofUser} AND device_id = ?`);
  const living = file.prepare<PushDeviceRow>(`${ofUser} AND ${livingPushDevice} ORDER BY device_id`);
  const insert = file.prepare(insertSql);
  const remove = file.prepare("DELETE FROM push_devices WHERE user_id = ? AND device_id = ?");
  const drop = file.prepare("DELETE FROM push_devices WHERE user_id = ? AND device_id = ? AND address = ?");
  const dropAddress = file.prepare("DELETE FROM push_devices WHERE address_key = ?");
  const dropDead = file.prepare(`DELETE FROM push_devices WHERE user_id = ? AND NOT ${livingPushDevice}`);
  const all = file.prepare<PushDeviceRow>(ofUser);
  const dropToken = file.prepare("DELETE FROM push_devices WHERE token_id = ? AND user_id = ?");
  const dropHost = file.prepare("DELETE FROM push_devices WHERE user_id = ? AND token_kind = 'host'");
  const any = file.prepare("SELECT 1 FROM push_devices LIMIT 1");

  return {
    async put(device, maxOfUser) {
      return file.transaction(() => {
        const known = one.get(device.userId, device.deviceId);
        if (known) remove.run(device.userId, device.deviceId);
        dropAddress.run(device.addressKey);
        dropDead.run(device.userId, settled(device.registeredAtMs));
        insert.run(...pushDeviceValues(known ? { ...device, createdAtMs: known.created_at_ms } : device));
        const byAge = all.all(device.userId).sort((a, b) => b.registered_at_ms - a.registered_at_ms);
        for (const { device_id: id } of byAge.slice(maxOfUser)) remove.run(device.userId, id);
        return known ? "updated" : "created";
      });
    },
    list: async (userId, nowMs) => living.all(userId, nowMs).map(toPushDevice),
    remove: async (userId, deviceId) => remove.run(userId, deviceId) === 1,
    async addressGone(userId, deviceId, address) {
      return file.transaction(() => {
        const device = one.get(userId, deviceId);
        if (device === undefined || drop.run(userId, deviceId, address) !== 1) return false;
        teller.deviceGone(toPushDevice(device));
        return true;
      });
    },
    async removeOfToken(userId, tokenId) {
      if (tokenId === undefined) dropHost.run(userId);
      else dropToken.run(tokenId, userId);
    },
    hasAny: async () => any.get() !== undefined,
    sweep: sweeping(file),
  };
}

function sweeping(file: SqliteFile): PushDevices["sweep"] {
  const due = file.prepare<PushDeviceRow & { readonly alive_until_ms: number | null }>(
    `SELECT d.*, iif(d.token_kind = 'own', t.expires_at_ms, d.due_at_ms) AS alive_until_ms
     FROM push_devices d LEFT JOIN tokens t ON t.id = d.token_id AND t.user_id = d.user_id
     WHERE d.due_at_ms <= ? ORDER BY d.due_at_ms LIMIT ?`,
  );
  const remove = file.prepare("DELETE FROM push_devices WHERE user_id = ? AND device_id = ?");
  const postpone = file.prepare("UPDATE push_devices SET due_at_ms = ? WHERE user_id = ? AND device_id = ?");
  return async (nowMs, limit) =>
    file.transaction(() => {
      const rows = due.all(nowMs, limit);
      for (const { user_id, device_id, alive_until_ms: until } of rows) {
        if (until !== null && until > nowMs) postpone.run(until, user_id, device_id);
        else remove.run(user_id, device_id);
      }
      return rows.length;
    });
}
