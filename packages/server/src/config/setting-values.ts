import type { settings } from "./settings.ts";

type Table = typeof settings;
type Value<S> = S extends { kind: { read: (text: string) => infer T }; byDefault: (production: boolean) => infer D }
  ? Exclude<T, undefined> | Extract<D, undefined>
  : never;

/** The values of all settings; each is read once, at the start. */
export type SettingValues = { readonly [K in keyof Table]: Value<Table[K]> };
