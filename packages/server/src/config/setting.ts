import type { Kind } from "./kinds.ts";

/** The heading under which the reference lists a setting. */
type SettingGroup =
  | "Server"
  | "Storage"
  | "Several servers"
  | "Accounts and access"
  | "Push"
  | "Webhooks"
  | "Calls"
  | "TURN"
  | "Limits and retention"
  | "Logs and metrics";

/** One setting: where it is read from, what it may be, and what it is when it is not set. */
export interface Setting<T> {
  /** The environment variable. The flag of the command line is its name without ECHOO_, in dashes. */
  readonly name: string;
  readonly group: SettingGroup;
  readonly doc: string;
  readonly kind: Kind<T>;
  readonly byDefault: (production: boolean) => T | undefined;
  /** How the reference words the default, where the value alone does not say it. */
  readonly defaultText?: string;
  /** Never echoed, neither in faults nor in the reference. */
  readonly secret?: true;
}

interface SettingSpec<T, D extends T | undefined> extends Omit<Setting<T>, "byDefault"> {
  readonly byDefault: D | ((production: boolean) => D);
}

/** A setting whose value is T, or undefined as well where that is its default. */
export interface DeclaredSetting<T, D extends T | undefined> extends Setting<T> {
  readonly byDefault: (production: boolean) => D;
}

export function setting<T, const D extends T | undefined>(spec: SettingSpec<T, D>): DeclaredSetting<T, D> {
  const { byDefault } = spec;
  const read = typeof byDefault === "function" ? (byDefault as (production: boolean) => D) : () => byDefault;
  return { ...spec, byDefault: read };
}

/** The command line's flag for a setting: ECHOO_RING_MS is --ring-ms. */
export function flagOf(name: string): string {
  return `--${name
    .replace(/^ECHOO_/, "")
    .toLowerCase()
    .replaceAll("_", "-")}`;
}
