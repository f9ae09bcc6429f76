import { isMissedBy, partiesOf, type StoredCall, statusOf, viewersOf } from "@echoo/core";
import { text, textOrAbsent } from "../link/stored-text.ts";

/**
 * A call with all that its parties see of it: one document, so that recording it is one atomic write. Each party is in
 * exactly one of `viewers`, `hiddenBy` and `unshownTo`; a list that would be empty is absent, but for `viewers`.
 */
export interface CallDocument extends Omit<StoredCall, "callId"> {
  readonly _id: string;
  readonly status: ReturnType<typeof statusOf>;
  /** Who has it in their history. */
  readonly viewers: readonly string[];
  /** Who had it there and hid it. */
  readonly hiddenBy?: readonly string[];
  /** Who may not see it: the callee of a blocked caller, or who did not report it. */
  readonly unshownTo?: readonly string[];
  /** The callee who missed it and has not looked since. */
  readonly unseenBy?: string;
}

function listed<K extends string>(name: K, parties: readonly string[]): { readonly [P in K]?: readonly string[] } {
  return parties.length === 0 ? {} : ({ [name]: parties } as { readonly [P in K]?: readonly string[] });
}

/** The call as it is kept. What viewers have seen and hidden of an earlier document of the same call stays so. */
export function toDocument(given: StoredCall, earlier?: CallDocument): CallDocument {
  const call = withStoredTexts(given);
  const shownTo = viewersOf(call);
  const hiddenBy = shownTo.filter((party) => earlier?.hiddenBy?.includes(party));
  const viewers = shownTo.filter((party) => !hiddenBy.includes(party));
  const unshownTo = partiesOf(call).filter((party) => !shownTo.includes(party));
  const { callee } = call;
  const knew = earlier !== undefined && [...earlier.viewers, ...(earlier.hiddenBy ?? [])].includes(callee);
  const hasSeen = knew && earlier.unseenBy !== callee;
  const { callId: _id, ...rest } = call;
  return {
    _id,
    ...rest,
    status: statusOf(call),
    viewers,
    ...listed("hiddenBy", hiddenBy),
    ...listed("unshownTo", unshownTo),
    ...(isMissedBy(call, callee) && viewers.includes(callee) && !hasSeen ? { unseenBy: callee } : {}),
  };
}

/** The record's own fields, each named, so that nothing else of what the caller passes is kept. */
export function withStoredTexts(call: StoredCall): StoredCall {
  const { isVideo, createdAtMs, ringingAtMs, answeredAtMs, connectedAtMs, endedAtMs, endReason } = call;
  const { glare, reconnects, durationSec } = call;
  return {
    callId: text(call.callId),
    caller: text(call.caller),
    callee: text(call.callee),
    ...{ isVideo, createdAtMs },
    ...(ringingAtMs === undefined ? {} : { ringingAtMs }),
    ...(answeredAtMs === undefined ? {} : { answeredAtMs }),
    ...(connectedAtMs === undefined ? {} : { connectedAtMs }),
    ...{ endedAtMs, endReason },
    ...textOrAbsent("endedBy", call.endedBy),
    ...textOrAbsent("callerDevice", call.callerDevice),
    ...textOrAbsent("calleeDevice", call.calleeDevice),
    ...{ glare, reconnects, durationSec },
    ...(call.callerOnly ? { callerOnly: true as const } : {}),
    ...(call.reportedBy === undefined ? {} : { reportedBy: call.reportedBy.map(text) }),
    ...(call.sharedReport ? { sharedReport: true } : {}),
  };
}

export function toStoredCall(document: CallDocument): StoredCall {
  const { _id: callId, status, viewers, hiddenBy, unshownTo, unseenBy, ...rest } = document;
  return { callId, ...rest };
}
