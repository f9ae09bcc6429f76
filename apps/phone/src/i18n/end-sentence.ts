import type { DeviceEndReason, EndedBy, EndReason } from "@echoo/protocol";
import { say } from "./say.ts";

/** How a call ended, in words: who ended it where that says more than the reason alone. */
export function endSentence(
  { endReason, endedBy }: { readonly endReason: EndReason | DeviceEndReason; readonly endedBy?: EndedBy | undefined },
  name: string,
): string {
  const named = endedBy === undefined ? undefined : say.endedBy[endedBy][endReason];
  return named?.(name) ?? say.endReason[endReason];
}
