import type { Candidate, ServerMessage } from "@echoo/protocol";

/**
 * What goes over the wire otherwise for a session whose `join` names no protocol: the shipped Android app and plain
 * clients of its time. Everything that differs is here; the engine knows such devices by what they can do.
 */
export class LegacyWire {
  /** Whom the client is calling, until it is told that the call exists or was refused. */
  #offeringTo: string | undefined;
  readonly #user: () => string;

  constructor(user: () => string) {
    this.#user = user;
  }

  offering(to: string): void {
    this.#offeringTo = to;
  }

  /** The messages that say the same to such a client. */
  translate(message: ServerMessage): readonly ServerMessage[] {
    switch (message.type) {
      case "calling":
        this.#offeringTo = undefined;
        return [message];
      case "busy":
        // Only `reject` and `hangup` make the caller's screen leave.
        return [message, { ...message, type: "reject", reason: "busy" }];
      case "candidate":
        // It knows no end of candidates, and drops a message with a null in it.
        return message.candidate === null ? [] : [{ ...message, candidate: withoutNulls(message.candidate) }];
      case "error":
        return this.#refusedOffer(message);
      default:
        return [message];
    }
  }

  #refusedOffer(message: ServerMessage & { type: "error" }): readonly ServerMessage[] {
    const to = this.#offeringTo;
    if (to === undefined) return [message];
    this.#offeringTo = undefined;
    const callId = message.callId ?? "";
    return [message, { type: "reject", callId, from: to, to: this.#user(), reason: "unreachable" }];
  }
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
