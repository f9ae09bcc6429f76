interface CloseRow {
  /** Whether a client should connect again, and how. */
  readonly reconnect: "after_hint" | "backoff" | "now" | "never";
  readonly meaning: string;
}

/** Every code with which the server closes a socket; clients decide by `reconnect` alone. */
export const closeCodes = {
  1001: { reconnect: "after_hint", meaning: "The server drains; goaway said when to come back." },
  1012: { reconnect: "after_hint", meaning: "The server restarts; goaway said when to come back." },
  1008: { reconnect: "backoff", meaning: "A frame broke the protocol." },
  1009: { reconnect: "backoff", meaning: "A frame was too large." },
  4401: { reconnect: "never", meaning: "Not authorized, or the token expired or was revoked: get a token." },
  4408: { reconnect: "now", meaning: "No join arrived in time." },
  4409: { reconnect: "never", meaning: "This session was resumed elsewhere." },
  4429: { reconnect: "after_hint", meaning: "Flooding, or a reader too slow." },
} as const satisfies Record<number, CloseRow>;

export type CloseCode = keyof typeof closeCodes;
