export interface ErrorRow {
  /** Status of the same refusal over REST. */
  readonly http: number;
  /** Whether the same request may succeed later without being changed. */
  readonly retry: boolean;
  /** For the person who meets it: it names no setting, and nothing that only who runs the server can change. */
  readonly sentence: string;
  /** What who runs the server can do about it; in the documents, not in the answer. */
  readonly operator?: string;
}

/** Every expected refusal, the same over WebSocket and REST. Codes are never reused. */
export const errorTable = {
  invalid: { http: 400, retry: false, sentence: "The request is not valid." },
  unknown_type: { http: 400, retry: false, sentence: "There is no message of this type." },
  not_joined: { http: 401, retry: false, sentence: "Join before sending this." },
  join_timeout: { http: 408, retry: true, sentence: "No join arrived in time." },
  unauthorized: { http: 401, retry: false, sentence: "A valid token is needed." },
  forbidden: { http: 403, retry: false, sentence: "This is not yours to see or change." },
  not_found: { http: 404, retry: false, sentence: "There is nothing here by that name." },
  method_not_allowed: { http: 405, retry: false, sentence: "This path does not take that method." },
  conflict: { http: 409, retry: false, sentence: "This contradicts what is already stored." },
  payload_too_large: { http: 413, retry: false, sentence: "This is larger than allowed." },
  unsupported_media_type: { http: 415, retry: false, sentence: "Send Content-Type: application/json." },
  unknown_host: {
    http: 421,
    retry: false,
    sentence: "This server is not known by that host name; ask whoever runs it for its address.",
    operator: "name the host in ECHOO_HOSTS, or set ECHOO_PUBLIC_URL.",
  },
  origin_refused: {
    http: 403,
    retry: false,
    sentence: "This server takes no connections from pages of this origin: name it in ECHOO_ORIGINS.",
  },
  rate_limited: { http: 429, retry: true, sentence: "Too many requests; try again later." },
  flooding: { http: 429, retry: true, sentence: "Too many messages for too long." },
  wrong_code: { http: 401, retry: false, sentence: "That code is not right." },
  proof_not_configured: {
    http: 503,
    retry: false,
    sentence: "This server sends no codes; ask whoever runs it for an invitation.",
    operator: "`npx echoo invite` makes an invitation; ECHOO_PROOF says how numbers are proven.",
  },
  proof_failed: { http: 503, retry: true, sentence: "The code could not be sent; try again." },
  invite_needed: { http: 403, retry: false, sentence: "An invitation is needed; ask an administrator for one." },
  invite_invalid: {
    http: 403,
    retry: false,
    sentence: "This is no invitation of this server; ask for the whole link.",
  },
  invite_expired: { http: 403, retry: false, sentence: "This invitation has expired; ask for a new one." },
  invite_used: { http: 403, retry: false, sentence: "This invitation was used already; ask for a new one." },
  number_taken: {
    http: 409,
    retry: false,
    sentence: "This number is in use already; ask for an invitation that names it.",
  },
  unknown_call: { http: 404, retry: false, sentence: "There is no such call." },
  not_bound: { http: 403, retry: false, sentence: "This device is not part of that call." },
  not_in_call: { http: 409, retry: false, sentence: "You are not in a call with that person." },
  not_allowed: { http: 403, retry: false, sentence: "This is not allowed here." },
  relay_only: {
    http: 403,
    retry: false,
    sentence: "This call must go through a relay: send a description that names no address (iceTransportPolicy relay).",
  },
  too_late: { http: 409, retry: false, sentence: "The call is already past that." },
  call_id_used: { http: 409, retry: false, sentence: "That call id was used before." },
  self_call: { http: 400, retry: false, sentence: "You cannot call yourself." },
  already_in_call: { http: 409, retry: false, sentence: "You already have a call; end it or send supersede." },
  peer_legacy: { http: 409, retry: false, sentence: "The other device cannot renegotiate a call." },
  unavailable: { http: 503, retry: true, sentence: "The service is not available for a moment; try again." },
  internal: { http: 500, retry: true, sentence: "Something went wrong on the server." },
} as const satisfies Record<string, ErrorRow>;

export type ErrorCode = keyof typeof errorTable;
export const errorCodes = Object.keys(errorTable) as [ErrorCode, ...ErrorCode[]];

/** An expected refusal: what a handler throws or returns; anything else thrown is a fault of ours. */
export class Refusal extends Error {
  readonly code: ErrorCode;
  readonly details: readonly RefusalDetail[] | undefined;
  /** When the same request may succeed, where that is known. */
  readonly retryInMs: number | undefined;

  constructor(code: ErrorCode, options: RefusalOptions = {}) {
    super(options.message ?? errorTable[code].sentence, { cause: options.cause });
    this.name = "Refusal";
    this.code = code;
    this.details = options.details;
    this.retryInMs = options.retryInMs;
  }
}

export interface RefusalDetail {
  readonly path: string;
  readonly message: string;
}

interface RefusalOptions {
  readonly message?: string;
  readonly details?: readonly RefusalDetail[];
  readonly retryInMs?: number;
  readonly cause?: unknown;
}
