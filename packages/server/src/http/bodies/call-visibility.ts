import type { StoredCall } from "@echoo/core";

/** Whether a call is this viewer's to see: a party, and of a call that only clients told of, one it is shown to. */
export function mayShow(call: StoredCall, viewer: string): boolean {
  if (call.caller !== viewer && (call.callee !== viewer || call.callerOnly === true)) return false;
  return call.reportedBy === undefined || call.sharedReport === true || call.reportedBy.includes(viewer);
}
