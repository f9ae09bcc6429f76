import type { Candidate, ServerMessage } from "@echoo/protocol";

/**
 * What goes over the wire otherwise for a session whose `join` names no protocol: the shipped Android app and plain
 * clients of its time. All that differs is here, but for the goodbye (`socket-link.ts`: they are never sent a close
 * frame); the engine knows such devices by what they can do. The result says the same as the message.
 */
export function legacyMessages(message: ServerMessage): readonly ServerMessage[] {
  switch (message.type) {
    case "busy": {
      const busy = withoutEnder(message);
      // Only `reject` and `hangup` make the caller's screen leave.
      return [busy, { ...busy, type: "reject", reason: "busy" }];
    }
    case "reject":
    case "hangup":
      return [withoutEnder(message)];
    case "joined":
      return [{ ...message, calls: message.calls.map(withoutEnder) }];
    case "candidate":
      // It knows no end of candidates, and drops a message with a null in it.
      return message.candidate === null ? [] : [{ ...message, candidate: withoutNulls(message.candidate) }];
    default:
      return [message];
  }
}

/** Whether a join is one of those clients'. */
export function isLegacy(join: { readonly protocol?: number | undefined }): boolean {
  return (join.protocol ?? 1) < 2;
}

/** Who ended a call is a word of the current wire. */
function withoutEnder<T extends { readonly endedBy?: unknown }>({ endedBy: _ender, ...rest }: T): T {
  return rest as T;
}

function withoutNulls(candidate: Candidate): Candidate {
  const { sdpMid, sdpMLineIndex, usernameFragment } = candidate;
  return {
    candidate: candidate.candidate,
    ...(typeof sdpMid === "string" ? { sdpMid } : {}),
    ...(typeof sdpMLineIndex === "number" ? { sdpMLineIndex } : {}),
    ...(typeof usernameFragment === "string" ? { usernameFragment } : {}),
  };
}
