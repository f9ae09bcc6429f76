import type { PushDevice, ServerKey } from "@echoo/core";
import type { SqliteFile } from "../../sqlite/sqlite-file.ts";
import type { Table, TablesOptions } from "../../tables/store-tables.ts";
import {
  livingPushDevice,
  type PushDeviceRow,
  pushDeviceColumns,
  pushDeviceValues,
  toPushDevice,
} from "../users/sqlite-push-devices.ts";
import { sqliteTable, upsertSql } from "./sqlite-table.ts";

export function pushDevicesTable(file: SqliteFile, { nowMs }: TablesOptions): Table<PushDevice> {
  const put = file.prepare(upsertSql("push_devices", 2, pushDeviceColumns));
  return sqliteTable<PushDeviceRow, PushDevice>(file, {
    table: "push_devices",
    key: ["user_id", "device_id"],
    living: { sql: livingPushDevice, value: nowMs },
    keyOf: (row) => [row.user_id, row.device_id],
    toEntry: toPushDevice,
    put: (device) => void put.run(...pushDeviceValues(device)),
  });
}

interface KeyRow {
  readonly name: string;
  readonly value: string;
  readonly created_at_ms: number;
}

export function keysTable(file: SqliteFile): Table<ServerKey> {
  const put = file.prepare(upsertSql("server_keys", 1, ["name", "value", "created_at_ms"]));
  return sqliteTable<KeyRow, ServerKey>(file, {
    table: "server_keys",
    key: ["name"],
    keyOf: ({ name }) => [name],
    toEntry: ({ name, value, created_at_ms: createdAtMs }) => ({ name, value, createdAtMs }),
    put: ({ name, value, createdAtMs }) => void put.run(name, value, createdAtMs),
  });
}
