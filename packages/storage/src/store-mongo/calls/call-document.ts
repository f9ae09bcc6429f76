import {
  type ClientFacts,
  isMissedBy,
  partiesOf,
  type ServerFacts,
  type StoredCall,
  type StoredVerdict,
  statusOf,
  viewersOf,
} from "@echoo/core";
import { text, textOrAbsent } from "../link/stored-text.ts";

/**
 * A call with all that its parties see of it: one document, so that recording it is one atomic write. Each party is in
 * exactly one of `viewers`, `hiddenBy` and `unshownTo`; a list that would be empty is absent, but for `viewers`.
 */
export interface CallDocument extends Omit<StoredCall, "callId" | "verdict"> {
  readonly _id: string;
  /** As JSON, and the code that administrators see. */
  readonly verdict?: string;
  readonly verdictCode?: string;
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
  const { callId: _id, verdict, ...rest } = call;
  return {
    _id,
    ...rest,
    ...(verdict === undefined ? {} : { verdict: JSON.stringify(verdict), verdictCode: verdict.operator.code }),
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
    ...(call.server === undefined ? {} : { server: withStoredNames(call.server) }),
    ...(call.verdict === undefined ? {} : { verdict: call.verdict }),
  };
}

/** What clients say of themselves is any text. */
function withStoredNames({ callerClient, calleeClient, ...server }: ServerFacts): ServerFacts {
  const named = (client: ClientFacts): ClientFacts => ({
    ...textOrAbsent("name", client.name),
    ...textOrAbsent("version", client.version),
    ...textOrAbsent("platform", client.platform),
  });
  return {
    ...server,
    ...(callerClient === undefined ? {} : { callerClient: named(callerClient) }),
    ...(calleeClient === undefined ? {} : { calleeClient: named(calleeClient) }),
  };
}

export function toStoredCall(document: CallDocument): StoredCall {
  const { _id: callId, status, viewers, hiddenBy, unshownTo, unseenBy, verdict, verdictCode, ...rest } = document;
  return { callId, ...rest, ...(verdict === undefined ? {} : { verdict: JSON.parse(verdict) as StoredVerdict }) };
}
