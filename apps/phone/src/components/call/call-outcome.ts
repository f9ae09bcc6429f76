import { say } from "../../i18n/say.ts";
import type { CallRow } from "../../state/api.ts";
import type { IconName } from "../basics/icon.tsx";

interface Outcome {
  readonly icon: IconName;
  readonly words: string;
  /** Worth a second look: a call was missed, or failed. */
  readonly alarming: boolean;
}

type Facts = Pick<CallRow, "direction" | "status" | "isVideo" | "endReason" | "endedBy">;

/** How a call went, from the viewer's side: its kind, why it came to nothing if it did, and one arrow. */
export function callOutcome(call: Facts): Outcome {
  const incoming = call.direction === "incoming";
  const icon: IconName = incoming ? "incoming" : "outgoing";
  const kind = say.recents.kind(call.isVideo);
  const { why } = say.recents;
  switch (call.status) {
    case "completed":
      return { icon, words: kind, alarming: false };
    case "failed":
      return { icon, words: `${kind}, ${why.failed}`, alarming: true };
    case "rejected":
      return { icon, words: `${kind}, ${why.declined}`, alarming: false };
    case "missed":
      return incoming
        ? { icon: "missed", words: joined(say.recents.missed(call.isVideo), whyMissed(call)), alarming: true }
        : { icon, words: joined(kind, whyNotTaken(call)), alarming: false };
  }
}

const joined = (kind: string, why: string | undefined) => (why === undefined ? kind : `${kind}, ${why}`);

/** A device that had no microphone says busy as well, and is on no other call: then a party ended it. */
const isOnAnotherCall = (call: Facts) => call.endReason === "busy" && call.endedBy === "server";

/** Who called during a call of the history and found its user on it, each once, the first of them first. */
export function calledMeanwhile(calls: readonly CallRow[], callId: string): readonly string[] {
  const own = calls.find((call) => call.callId === callId);
  if (!own) return [];
  // Both moments are the server's, so that no clock of this device comes into it.
  const [startMs, endMs] = [Date.parse(own.startTime), Date.parse(own.endTime)];
  const during = calls.filter(({ startTime }) => Date.parse(startTime) >= startMs && Date.parse(startTime) <= endMs);
  const busy = during.filter((call) => call.direction === "incoming" && isOnAnotherCall(call));
  return [...new Set(busy.map(({ peer }) => peer.phone).reverse())];
}

function whyMissed(call: Facts): string | undefined {
  const words: Readonly<Record<string, string>> = say.recents.why.callee;
  if (call.endReason === "busy" && !isOnAnotherCall(call)) return undefined;
  return words[call.endReason];
}

function whyNotTaken(call: Facts): string {
  const words: Readonly<Record<string, string>> = say.recents.why.caller;
  if (call.endReason === "busy" && !isOnAnotherCall(call)) return say.recents.why.notTaken;
  return words[call.endReason] ?? say.recents.why.caller.no_answer;
}
