import { unreachable } from "../../unreachable.ts";
import type { FinishedCall } from "../call.ts";
import type { CallInput } from "../input.ts";
import { pushesRestarted } from "../push/push-steps.ts";
import { pushTooLate, refuse, type Step } from "../step.ts";
import { reasonTold } from "./finish.ts";

/** What is said to a sender who comes after the end. The call itself never changes again. */
export function finishedStep(call: FinishedCall, input: CallInput): Step {
  switch (input.type) {
    case "answer":
    case "ringing":
    case "connected":
    case "offerAgain":
      return refuse(call, "too_late", reasonTold(call, input.by));
    case "pushRinging":
      return pushTooLate(call, input.device, call.endReason);
    case "restarted":
      return [pushesRestarted(call, input.nowMs), []];
    case "time":
    case "offerRefused":
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
    case "screenTaken":
    case "screenFree":
    case "ringAgain":
    case "screened":
    case "pushed":
    case "pushReject":
      return [call, []];
    default:
      return unreachable(input);
  }
}
