const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** What the outbox of webhooks keeps, and for how long. */
export const webhookBounds = {
  /** Of one subject; an account may lose many devices. The oldest go first. */
  eventsPerSubject: 64,
  /** An event that is refused for so long is parked, with those behind it. */
  parkAfterMs: dayMs,
  /** How long an event can be posted once more. */
  keptMs: 7 * dayMs,
  /** How long a call's sequence goes on after its last event. */
  callsRememberedMs: 30 * dayMs,
  /** Of what went wrong. */
  errorChars: 200,
  /** Subjects changed in one step of what goes through many. */
  subjectsPerStep: 50,
} as const;
