import { isMissedBy, isShownTo, partiesOf } from "@echoo/core";
import type { KeptCall } from "../store-tables.ts";
import type { Findings } from "./findings.ts";

const wrongHistory = "copy the store with echoo store copy, or report it: this should not be possible";
const shadowShown = "a blocked caller's call is in the history of whom it called";
const reportShown = "a call is in the history of the party who did not report it";
const wrongRecord = "look at it with GET /api/calls; a record can only be mended by hand in the database";

/** What must hold of a record and of what its parties see of it. */
export function checkCall({ call, views }: KeptCall, findings: Findings): void {
  const { callId, caller, callee, reportedBy = [] } = call;
  const parties = new Set(partiesOf(call));
  // An operator's own tool may have left the field out.
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
    if (state === "unseen" && !isMissedBy(call, viewer)) {
      findings.add("a call counts as missed for somebody who did not miss it", wrongHistory, callId, viewer);
    }
  }
  checkViewers({ call, views }, parties, findings);
}

/** Who has the call in their history, hidden or not, must be who may see it; an erased account sees nothing. */
function checkViewers({ call, views }: KeptCall, parties: ReadonlySet<string>, findings: Findings): void {
  const { callId } = call;
  const viewers = new Set(views.map(({ viewer }) => viewer));
  for (const party of parties) {
    const maySee = isShownTo(call, party);
    if (!maySee && viewers.has(party)) {
      findings.add(call.callerOnly ? shadowShown : reportShown, wrongHistory, callId, party);
    }
    if (maySee && party && !viewers.has(party) && !party.startsWith("deleted:")) {
      findings.add("a party does not find a call in its history", wrongHistory, callId, party);
    }
  }
}
