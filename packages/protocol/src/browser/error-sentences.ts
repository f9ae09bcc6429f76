/**
 * What a person is told of every expected refusal, by its code. Codes are never reused. Apart from `errorTable`, whose rows
 * name them, for browsers show the sentences and have no use for the rest. A sentence names no setting, and nothing that
 * only who runs the server can change.
 */
export const errorSentences = {
  invalid: "The request is not valid.",
  unknown_type: "There is no message of this type.",
  not_joined: "Join before sending this.",
  join_timeout: "No join arrived in time.",
  unauthorized: "A valid token is needed.",
  forbidden: "This is not yours to see or change.",
  not_found: "There is nothing here by that name.",
  method_not_allowed: "This path does not take that method.",
  conflict: "This contradicts what is already stored.",
  payload_too_large: "This is larger than allowed.",
  unsupported_media_type: "Send Content-Type: application/json.",
  unknown_host: "This server is not known by that host name; ask whoever runs it for its address.",
  origin_refused: "This server takes no connections from this page; ask whoever runs it for its address.",
  rate_limited: "Too many requests; try again later.",
  flooding: "Too many messages for too long.",
  wrong_code: "That code is not right.",
  proof_not_configured: "This server sends no codes; ask whoever runs it for an invitation.",
  proof_failed: "The code could not be sent; try again.",
  invite_needed: "An invitation is needed; ask an administrator for one.",
  invite_invalid: "This is no invitation of this server; ask for the whole link.",
  invite_expired: "This invitation has expired; ask for a new one.",
  invite_used: "This invitation was used already; ask for a new one.",
  number_taken: "This number is in use already; ask for an invitation that names it.",
  unknown_call: "There is no such call.",
  not_bound: "This device is not part of that call.",
  not_in_call: "You are not in a call with that person.",
  not_allowed: "This is not allowed here.",
  relay_only: "This call must go through a relay: send a description that names no address (iceTransportPolicy relay).",
  too_late: "The call is already past that.",
  call_id_used: "That call id was used before.",
  self_call: "You cannot call yourself.",
  already_in_call: "You already have a call; end it or send supersede.",
  peer_legacy: "The other device cannot renegotiate a call.",
  unavailable: "The service is not available for a moment; try again.",
  internal: "Something went wrong on the server.",
} as const;

export type ErrorCode = keyof typeof errorSentences;
