import type { CallIndex } from "../../arbiter/call-index.ts";
import { isAnswered } from "../../call/call.ts";

/**
 * The device behind a session that is no more, as this user's calls remember it: a client that names no device is
 * still the same one when it names its last session.
 */
export function knownDevice(
  calls: Pick<CallIndex, "unfinishedOf" | "recentlyFinishedOf">,
  user: string,
  session: string,
): string | undefined {
  for (const call of calls.unfinishedOf(user)) {
    const own = call.caller === user ? [call.callerLeg] : isAnswered(call) ? [call.calleeLeg] : call.offered;
    const found = own.find((device) => device.session === session);
    if (found) return found.device;
    if (!isAnswered(call) && call.callee === user && call.reserved?.session === session) return call.reserved.device;
  }
  for (const call of calls.recentlyFinishedOf(user)) {
    const found = call.devices.find((device) => device.user === user && device.session === session);
    if (found) return found.device;
  }
  return undefined;
}
