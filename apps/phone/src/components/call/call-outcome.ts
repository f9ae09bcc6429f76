import { say } from "../../i18n/say.ts";
import type { CallRow } from "../../state/api.ts";
import type { IconName } from "../basics/icon.tsx";

interface Outcome {
  readonly icon: IconName;
  readonly words: string;
  /** Worth a second look: somebody was missed, or a call failed. */
  readonly alarming: boolean;
}

/** How a call went, from the viewer's side, in one word and one arrow. */
export function callOutcome(call: Pick<CallRow, "direction" | "status" | "isVideo">): Outcome {
  const incoming = call.direction === "incoming";
  const icon: IconName = incoming ? "incoming" : "outgoing";
  switch (call.status) {
    case "completed":
      return { icon, words: say.recents.kind(call.isVideo), alarming: false };
    case "failed":
      return { icon, words: say.recents.failed(call.isVideo), alarming: true };
    case "rejected":
      return { icon, words: say.recents.declined(call.isVideo), alarming: false };
    case "missed":
      return incoming
        ? { icon: "missed", words: say.recents.missed(call.isVideo), alarming: true }
        : { icon, words: say.recents.notAnswered(call.isVideo), alarming: false };
  }
}
