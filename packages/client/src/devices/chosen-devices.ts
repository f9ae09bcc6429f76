import type { DeviceMemory } from "./devices-port.ts";

export type DeviceKind = "audioinput" | "videoinput" | "audiooutput";
/** A device by its id; a kind that has none uses the system's default. */
export type ChosenDevices = { readonly [Kind in DeviceKind]?: string };

export const deviceKinds: readonly DeviceKind[] = ["audioinput", "videoinput", "audiooutput"];
/** A browser's ids have 64 characters: what is longer was not written here. */
export const maxIdChars = 256;

/** What was chosen on an earlier page. Never throws: other code may have written there. */
export function readChosen(memory: DeviceMemory): ChosenDevices {
  try {
    const found: unknown = JSON.parse(memory.read() ?? "{}");
    if (typeof found !== "object" || found === null) return {};
    const known = deviceKinds.flatMap((kind) => {
      const id: unknown = (found as Readonly<Record<string, unknown>>)[kind];
      return typeof id === "string" && id !== "" && id.length <= maxIdChars ? [[kind, id] as const] : [];
    });
    return Object.fromEntries(known);
  } catch {
    return {};
  }
}
