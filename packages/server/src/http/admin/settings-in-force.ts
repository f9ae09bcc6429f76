import type { AdminSetting } from "@echoo/protocol";
import type { Config } from "../../config/read-config.ts";
import type { Setting } from "../../config/setting.ts";
import { settings } from "../../config/settings.ts";

/** What the server goes by, for its administrators. Of a secret it is said whether it is set, and nothing else. */
export function settingsInForce(config: Config): readonly AdminSetting[] {
  const values: Readonly<Record<string, unknown>> = { ...config };
  return Object.entries<Setting<unknown>>(settings).map(([key, row]) => {
    const { name, group, doc, secret = false } = row;
    const value = values[key];
    const isSet = value !== undefined && !(Array.isArray(value) && value.length === 0);
    const isDefault = textOf(value) === textOf(row.byDefault(config.production));
    return { name, group, doc, secret, isSet, isDefault, ...(isSet && !secret ? { value: textOf(value) } : {}) };
  });
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(textOf).join(", ");
  if (typeof value === "object" && value !== null) return Object.values(value).map(textOf).join(", ");
  return typeof value === "string" ? withoutUrlSecrets(value) : String(value);
}

/** Who writes an address may write a password, or a key, into it. */
function withoutUrlSecrets(text: string): string {
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(text) || !URL.canParse(text)) return text;
  const url = new URL(text);
  if (url.username === "" && url.password === "" && url.search === "" && url.hash === "") return text;
  const path = url.pathname === "/" ? "" : url.pathname;
  return `${url.protocol}//${url.host}${path}${url.search === "" ? "" : "?…"}`;
}
