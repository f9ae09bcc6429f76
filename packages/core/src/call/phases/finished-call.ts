import { unreachable } from "../../unreachable.ts";
import type { FinishedCall } from "../call.ts";
import type { CallInput } from "../input.ts";
import { refuse, type Step } from "../step.ts";
import { reasonTold } from "./finish.ts";

/** What is said to a sender who comes after the end. The call itself never changes again. */
export function finishedStep(call: FinishedCall, input: CallInput): Step {
  switch (input.type) {
    case "answer":
    case "ringing":
    case "connected":
    case "offerAgain":
      return refuse(call, "too_late", reasonTold(call, input.by));
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
    case "restarted":
      return [call, []];
    default:
      return unreachable(input);
  }
}
