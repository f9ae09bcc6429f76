/** What the audit log tells of, each with the sentence that explains it. A name never changes its meaning. */
export const auditEvents = {
  server_started: "The server began to listen; says what is open, and how people prove who they are.",
  server_stopped: "The server ended in order. A start without this before it follows a crash or a power cut.",
  registered: "A number was registered.",
  logged_in: "A number that was known got a token, or came in without one.",
  login_refused: "A client was not let in: a wrong code, invitation or token, or no proof where one is needed.",
  access_refused: "A client with a good token asked for what belongs to another user, or to administrators.",
  code_requested: "A one-time code was made for a number.",
  invitation_made: "An invitation was made.",
  invitation_redeemed: "An invitation was used up.",
  logged_out: "A device gave its token back.",
  token_revoked: "A token was revoked from another device of its owner.",
  all_tokens_revoked: "All tokens of a number were revoked.",
  blocked: "A user blocked another number.",
  unblocked: "A user took a block back.",
  account_erased: "An account was erased, with everything that was stored of it.",
  account_exported: "A copy of everything stored about an account was handed out.",
  admin_granted: "A number became an administrator.",
  admin_removed: "A number is no administrator any more.",
  admin_suspended: "An administrator suspended an account: no sign-in, and offline to others.",
  admin_unsuspended: "An administrator lifted a suspension.",
  admin_revoked_token: "An administrator signed a device of an account out.",
  admin_revoked_all_tokens: "An administrator signed all devices of an account out.",
  admin_erased_account: "An administrator erased an account, with everything that was stored of it.",
  admin_ended_call: "An administrator ended a call.",
  admin_looked_at_calls: "An administrator looked at calls: of a number, of one call's parties, or of everybody.",
  admin_looked_at_account: "An administrator looked at an account and its devices.",
  admin_looked_at_audit: "An administrator looked at this log.",
  admin_changed_webhooks: "An administrator changed where events are posted to, or had some posted again.",
  audit_gap: "Entries are missing before this one: the log could not be written.",
} as const;

export type AuditEvent = keyof typeof auditEvents;

/** What administrators do is written singly, however often one does it within an hour. */
export function isOfAdministrator(event: AuditEvent): boolean {
  return event.startsWith("admin_");
}

/** How a user showed that a number is theirs. */
export type ProofGiven =
  | "open access"
  | "development code"
  | "code"
  | "invitation"
  | "jwt"
  | "token"
  | "known address"
  | "command line"
  | "first start";

/**
 * What an entry may say. The fields are all there is, so that nothing secret finds a way in: no token, code or
 * invitation, no description or candidate, and of numbers and addresses what `AuditLog` makes of them.
 */
export interface AuditFacts {
  /** The user who did it, or whose number a client claimed; whole, and never stored so. */
  readonly user?: string | undefined;
  /** To whom it was done. */
  readonly other?: string | undefined;
  /** The client's, whole, and never stored so. */
  readonly address?: string | undefined;
  /** As its user named it. */
  readonly device?: string | undefined;
  readonly requestId?: string | undefined;
  readonly how?: ProofGiven | undefined;
  /** Present where it was refused: a code of the error table. */
  readonly refusal?: string | undefined;
  /** A sentence of the server's own. */
  readonly note?: string | undefined;
  readonly count?: number | undefined;
}

/** Keeps account of who was let in and what was done to accounts. */
export interface Audit {
  /**
   * Takes what happened. Never throws, whatever becomes of the disk; what it returns from has reached the file, unless
   * there were so many of a kind that they are summed up. Told before the answer leaves, so that no client is told of
   * something that the log does not know.
   */
  note(event: AuditEvent, facts: AuditFacts): void;
}
