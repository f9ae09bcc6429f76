import { type ErrorCode, errorSentences } from "@echoo/protocol";

/** Refusals that arise on this side of the wire, beside those of the server. */
const localErrors = {
  media_denied: "The microphone or camera may not be used; allow it in the browser's settings.",
  media_missing: "No microphone was found.",
  media_busy: "The microphone or camera is in use by another program.",
  media_failed: "The microphone or camera could not be opened.",
  insecure_context: "Calls need a page opened over HTTPS or from localhost.",
  offline: "There is no connection to the server.",
  timeout: "The server did not answer in time.",
  call_ended: "The call has ended.",
  token_failed: "A token could not be had.",
  socket_refused:
    "A server answers there but takes no WebSocket: check the address, which ends in /ws, and that the proxy before it passes upgrades on.",
  session_replaced: "This session was taken over elsewhere.",
  negotiation_failed: "The two devices could not agree on how to connect.",
  bad_message: "The server sent something that cannot be read.",
  http: "The request failed.",
} as const;

export type LocalErrorCode = keyof typeof localErrors;
export type EchooErrorCode = ErrorCode | LocalErrorCode;

interface EchooErrorDetails {
  readonly message?: string | undefined;
  readonly callId?: string | undefined;
  readonly retryInMs?: number | undefined;
  readonly cause?: unknown;
}

/** Whatever the SDK refuses or fails at: decide by `code`, show `message`. */
export class EchooError extends Error {
  readonly code: EchooErrorCode;
  readonly callId: string | undefined;
  /** When the same request may succeed, where that is known. */
  readonly retryInMs: number | undefined;

  constructor(code: EchooErrorCode, details: EchooErrorDetails = {}) {
    super(details.message ?? sentenceOf(code), details.cause === undefined ? {} : { cause: details.cause });
    this.name = "EchooError";
    this.code = code;
    this.callId = details.callId;
    this.retryInMs = details.retryInMs;
  }
}

function sentenceOf(code: EchooErrorCode): string {
  return code in localErrors ? localErrors[code as LocalErrorCode] : errorSentences[code as ErrorCode];
}

/** Whatever was thrown, as an error of the SDK; what is one already stays as it is. */
export function asEchooError(cause: unknown, code: LocalErrorCode): EchooError {
  return cause instanceof EchooError ? cause : new EchooError(code, { cause });
}
