/** Randomness is a port: a seeded one makes a simulation replayable. */
export interface Ids {
  /** A UUID, version 4. */
  callId(): string;
  sessionId(): string;
}
