import type { CallSummary, ServerMessage } from "@echoo/protocol";

/** One message as a word or two. `name` tells calls apart where a scenario has several. */
export function describeMessage(message: ServerMessage, name: (callId: string) => string): string {
  const words = wordsOf(message, name).filter((word) => word !== "");
  if ("callId" in message && message.type !== "ack" && message.callId) words.push(name(message.callId));
  return words.filter((word) => word !== "").join(" ");
}

function wordsOf(message: ServerMessage, name: (callId: string) => string): string[] {
  switch (message.type) {
    case "joined": {
      const how = message.resumed ? "resumed" : message.rebound ? "rebound" : "";
      return ["joined", how, ...message.calls.map((call) => describeSummary(call, name))];
    }
    case "calling":
      return ["calling", message.replaces === undefined ? "" : `replaces ${name(message.replaces)}`];
    case "offer":
      return [
        "offer",
        message.expiresInMs === undefined ? `again ${message.neg ?? ""}` : "",
        message.renew ? "renew" : "",
      ];
    case "offerRefused":
      return ["offerRefused", `${message.neg ?? ""}`];
    case "candidate":
      return ["candidate", message.candidate === null ? "end" : message.candidate.candidate];
    case "reject":
    case "hangup":
      return [message.type, message.reason];
    case "peerLost":
      return ["peerLost", message.resumeInMs === undefined ? "" : seconds(message.resumeInMs)];
    case "tokenExpiring":
      return ["tokenExpiring", seconds(message.inMs)];
    case "error":
      return ["error", message.code, message.reason ?? ""];
    case "presence":
      return ["presence", ...message.users.map((user) => `${user.userId} ${presenceWord(user)}`)];
    default:
      return [message.type];
  }
}

/** A call as a joining device is told of it: `[active bound]`. */
function describeSummary(call: CallSummary, name: (callId: string) => string): string {
  const words = [name(call.callId), call.state, call.endReason ?? "", call.bound ? "bound" : ""];
  const kept = (call.candidates ?? []).map((candidate) => candidate?.candidate ?? "end");
  if (call.answer) words.push("answer");
  if (call.offer) words.push("offer");
  return `[${[...words, ...kept].filter((word) => word !== "").join(" ")}]`;
}

function presenceWord(user: { online: boolean; inCall?: boolean | undefined }): string {
  return user.online ? (user.inCall ? "in a call" : "online") : "offline";
}

/** `1.5s`. */
export function seconds(ms: number): string {
  return `${ms / 1000}s`;
}
