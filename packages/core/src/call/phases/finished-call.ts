import { unreachable } from "../../unreachable.ts";
import type { FinishedCall } from "../call.ts";
import type { CallInput, Effect, Sender } from "../input.ts";
import { reasonTold } from "./finish.ts";

/** What is said to a sender who comes after the end. The call itself never changes again. */
export function finishedStep(call: FinishedCall, input: CallInput): Effect[] {
  switch (input.type) {
    case "answer":
    case "ringing":
    case "connected":
    case "offerAgain":
      return [tooLate(call, input.by)];
    case "time":
    case "candidate":
    case "reject":
    case "hangup":
    case "online":
    case "lost":
    case "back":
    case "rebound":
    case "gone":
    case "sessionExpired":
    case "calleeTaken":
    case "superseded":
    case "adminEnd":
    case "giveWay":
    case "merge":
    case "restarted":
      return [];
    default:
      return unreachable(input);
  }
}

function tooLate(call: FinishedCall, by: Sender): Effect {
  return { type: "refuse", code: "too_late", callId: call.id, state: "ended", reason: reasonTold(call, by) };
}
