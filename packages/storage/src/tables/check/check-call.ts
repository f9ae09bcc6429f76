import { statusOf } from "@echoo/core";
import type { KeptCall } from "../store-tables.ts";
import type { Findings } from "./findings.ts";

const wrongHistory = "copy the store with echoo store copy, or report it: this should not be possible";
const wrongRecord = "look at it with GET /api/calls; a record can only be mended by hand in the database";

/** What must hold of a record and of what its parties see of it. */
export function checkCall({ call, views }: KeptCall, findings: Findings): void {
  const { callId, caller, callee, reportedBy = [] } = call;
  const parties = new Set([caller, callee]);
  // Somebody's own tool may have left the field out.
  if (!caller || !callee) findings.add("a record lacks a party", wrongRecord, callId);
  // What a client says of a call is its own business; what the server saw keeps its own rules.
  if (call.reportedBy === undefined && call.durationSec > 0 && call.answeredAtMs === undefined) {
    findings.add("a record has a duration though nobody answered", wrongRecord, callId);
  }
  for (const reporter of reportedBy) {
    if (!parties.has(reporter)) {
      findings.add("a call was reported by somebody who is no party of it", wrongRecord, callId, reporter);
    }
  }
  for (const { viewer, state } of views) {
    if (!parties.has(viewer)) {
      findings.add("a call is in the history of somebody who is no party of it", wrongHistory, callId, viewer);
    }
    const isMissed = statusOf(call) === "missed" && viewer === callee && viewer !== caller;
    if (state === "unseen" && !isMissed) {
      findings.add("a call counts as missed for somebody who did not miss it", wrongHistory, callId, viewer);
    }
  }
  checkViewers({ call, views }, parties, findings);
}

/** Who has the call in their history, hidden or not, must be who may see it; an erased account sees nothing. */
function checkViewers({ call, views }: KeptCall, parties: ReadonlySet<string>, findings: Findings): void {
  const { callId, caller, callee, callerOnly, reportedBy, sharedReport } = call;
  const viewers = new Set(views.map(({ viewer }) => viewer));
  if (callerOnly && caller !== callee && viewers.has(callee)) {
    findings.add("a blocked caller's call is in the history of whom it called", wrongHistory, callId, callee);
  }
  for (const party of parties) {
    const maySee = callerOnly
      ? party === caller
      : reportedBy === undefined || sharedReport === true || reportedBy.includes(party);
    if (maySee && party && !viewers.has(party) && !party.startsWith("deleted:")) {
      findings.add("a party does not find a call in its history", wrongHistory, callId, party);
    }
  }
}
