/** Randomness is a port: a seeded one makes a simulation replayable. */
export interface Ids {
  /** A UUID, version 4. */
  callId(): string;
  sessionId(): string;
  /** Names a token to its owner; it is not the secret. */
  tokenId(): string;
  /** Takes the place of an erased user's number. */
  erasedUserId(): string;
}
