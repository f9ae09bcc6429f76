import { statusOf } from "../call/record.ts";
import type { StoredCall } from "../ports/store.ts";

/** What decides who may see a call. */
export interface ShownCall extends Pick<StoredCall, "caller" | "callee" | "reportedBy" | "sharedReport"> {
  readonly callerOnly?: boolean;
}

/** Both parties, the caller first; of a call to oneself the one. */
export function partiesOf({ caller, callee }: Pick<ShownCall, "caller" | "callee">): readonly string[] {
  return caller === callee ? [caller] : [caller, callee];
}

/**
 * Whether a user may know of the call. A party may, with two exceptions: the callee of a blocked caller never may, and of
 * a call that only clients told of a party may who reported it, the other one once the report is shared.
 */
export function isShownTo(call: ShownCall, user: string): boolean {
  if (user !== call.caller && (user !== call.callee || call.callerOnly === true)) return false;
  return call.reportedBy === undefined || call.sharedReport === true || call.reportedBy.includes(user);
}

/** The parties that have the call in their history, in the order of `partiesOf`. */
export function viewersOf(call: ShownCall): readonly string[] {
  return partiesOf(call).filter((party) => isShownTo(call, party));
}

/** Whether it came in for this party, who missed it. Such a call counts as unseen until it is marked or hidden. */
export function isMissedBy(call: Pick<StoredCall, "caller" | "callee" | "endReason" | "answeredAtMs">, party: string) {
  return party === call.callee && party !== call.caller && statusOf(call) === "missed";
}
