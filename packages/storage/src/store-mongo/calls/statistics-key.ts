import { text } from "../link/stored-text.ts";

/** `:` stands between the parts of a key, so it cannot stand in them as it is. */
function escaped(part: string): string {
  return text(part).replace(/[%:]/g, encodeURIComponent);
}

/** The key of what belongs to a call and a reporter: `callId:reporter`, `callId:reporter:batch`. */
export function joinKey(...parts: readonly string[]): string {
  return parts.map(escaped).join(":");
}

export function splitKey(key: string): readonly string[] {
  return key.split(":").map(decodeURIComponent);
}

/** The bounds of all keys that begin with these parts and have more. `;` comes right after `:`. */
export function keysUnder(...parts: readonly string[]): { readonly $gt: string; readonly $lt: string } {
  const key = joinKey(...parts);
  return { $gt: `${key}:`, $lt: `${key};` };
}
