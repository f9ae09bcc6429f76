import type { DeviceEndReason, EndedBy, EndReason } from "@echoo/protocol";
import { say } from "./say.ts";

interface End {
  readonly endReason: EndReason | DeviceEndReason;
  readonly endedBy?: EndedBy | undefined;
  /** Of the call, as the one who reads this sees it. */
  readonly direction?: "incoming" | "outgoing";
}

/** How a call ended, in words: who ended it, or for whom it came to nothing, where that says more than the reason. */
export function endSentence({ endReason, endedBy, direction }: End, name: string): string {
  if (endedBy === undefined) return say.endReason[endReason];
  const untaken = endedBy === "server" && direction ? say.notTaken[direction][endReason] : undefined;
  const named = untaken ?? say.endedBy[endedBy][endReason];
  return named?.(name) ?? say.endReason[endReason];
}
