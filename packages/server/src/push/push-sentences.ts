import type { PushContent } from "./push-sender.ts";

interface Sentence {
  readonly title: string;
  readonly body: string;
}

/** For devices that show a push by themselves; apps and the web phone have words of their own. */
export function deviceEndSentence(content: PushContent, name: string | undefined): Sentence {
  if (content.kind === "ring") {
    return { title: name ?? "Incoming call", body: content.isVideo ? "Incoming video call" : "Incoming call" };
  }
  if (content.missed) {
    const from = name === undefined ? "" : ` from ${name}`;
    const { count = 1 } = content;
    return { title: count > 1 ? `${count} missed calls${from}` : `Missed call${from}`, body: "Tap to call back" };
  }
  const how = content.reason === "declined_elsewhere" ? "Declined" : "Answered";
  return { title: name ?? "Call", body: `${how} on another device` };
}
