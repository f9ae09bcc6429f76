import { type ErrorCode, errorSentences } from "./browser/error-sentences.ts";

export interface ErrorRow {
  /** Status of the same refusal over REST. */
  readonly http: number;
  /** Whether the same request may succeed later without being changed. */
  readonly retry: boolean;
  /** For the person who meets it. */
  readonly sentence: string;
  /** What who runs the server can do about it; in the documents, not in the answer. */
  readonly operator?: string;
}

/** Every expected refusal, the same over WebSocket and REST. Codes are never reused. */
export const errorTable = {
  invalid: { http: 400, retry: false, sentence: errorSentences.invalid },
  unknown_type: { http: 400, retry: false, sentence: errorSentences.unknown_type },
  not_joined: { http: 401, retry: false, sentence: errorSentences.not_joined },
  join_timeout: { http: 408, retry: true, sentence: errorSentences.join_timeout },
  unauthorized: { http: 401, retry: false, sentence: errorSentences.unauthorized },
  forbidden: { http: 403, retry: false, sentence: errorSentences.forbidden },
  not_found: { http: 404, retry: false, sentence: errorSentences.not_found },
  method_not_allowed: { http: 405, retry: false, sentence: errorSentences.method_not_allowed },
  conflict: { http: 409, retry: false, sentence: errorSentences.conflict },
  payload_too_large: { http: 413, retry: false, sentence: errorSentences.payload_too_large },
  unsupported_media_type: { http: 415, retry: false, sentence: errorSentences.unsupported_media_type },
  unknown_host: {
    http: 421,
    retry: false,
    sentence: errorSentences.unknown_host,
    operator: "name the host in ECHOO_HOSTS, or set ECHOO_PUBLIC_URL.",
  },
  origin_refused: {
    http: 403,
    retry: false,
    sentence: errorSentences.origin_refused,
    operator: "name the page's origin in ECHOO_ORIGINS ([the host product's tokens](../guide/jwt.md)).",
  },
  rate_limited: { http: 429, retry: true, sentence: errorSentences.rate_limited },
  flooding: { http: 429, retry: true, sentence: errorSentences.flooding },
  wrong_code: { http: 401, retry: false, sentence: errorSentences.wrong_code },
  proof_not_configured: {
    http: 503,
    retry: false,
    sentence: errorSentences.proof_not_configured,
    operator: "`npx echoo invite` makes an invitation; ECHOO_PROOF says how numbers are proven.",
  },
  proof_failed: { http: 503, retry: true, sentence: errorSentences.proof_failed },
  invite_needed: { http: 403, retry: false, sentence: errorSentences.invite_needed },
  invite_invalid: { http: 403, retry: false, sentence: errorSentences.invite_invalid },
  invite_expired: { http: 403, retry: false, sentence: errorSentences.invite_expired },
  invite_used: { http: 403, retry: false, sentence: errorSentences.invite_used },
  number_taken: { http: 409, retry: false, sentence: errorSentences.number_taken },
  unknown_call: { http: 404, retry: false, sentence: errorSentences.unknown_call },
  not_bound: { http: 403, retry: false, sentence: errorSentences.not_bound },
  not_in_call: { http: 409, retry: false, sentence: errorSentences.not_in_call },
  not_allowed: { http: 403, retry: false, sentence: errorSentences.not_allowed },
  relay_only: { http: 403, retry: false, sentence: errorSentences.relay_only },
  too_late: { http: 409, retry: false, sentence: errorSentences.too_late },
  call_id_used: { http: 409, retry: false, sentence: errorSentences.call_id_used },
  self_call: { http: 400, retry: false, sentence: errorSentences.self_call },
  already_in_call: { http: 409, retry: false, sentence: errorSentences.already_in_call },
  peer_legacy: { http: 409, retry: false, sentence: errorSentences.peer_legacy },
  unavailable: { http: 503, retry: true, sentence: errorSentences.unavailable },
  internal: { http: 500, retry: true, sentence: errorSentences.internal },
} as const satisfies Record<ErrorCode, ErrorRow>;

export const errorCodes = Object.keys(errorTable) as [ErrorCode, ...ErrorCode[]];

/** An expected refusal: what a handler throws or returns; anything else thrown is a fault of ours. */
export class Refusal extends Error {
  readonly code: ErrorCode;
  readonly details: readonly RefusalDetail[] | undefined;
  /** When the same request may succeed, where that is known. */
  readonly retryInMs: number | undefined;
  /** How a call ended that the request came too late for. */
  readonly reason: string | undefined;

  constructor(code: ErrorCode, options: RefusalOptions = {}) {
    super(options.message ?? errorTable[code].sentence, { cause: options.cause });
    this.name = "Refusal";
    this.code = code;
    this.details = options.details;
    this.retryInMs = options.retryInMs;
    this.reason = options.reason;
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
  readonly reason?: string;
  readonly cause?: unknown;
}
