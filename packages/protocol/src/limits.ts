/** Every bound of the wire, with its unit in its name. Each has a test of what happens one past it. */
export const limits = {
  /** One WebSocket text frame. */
  frameBytes: 64 * 1024,
  /** A REST body, and the larger one for a batch of statistics. */
  restBodyBytes: 256 * 1024,
  restStatsBodyBytes: 1024 * 1024,
  /** 9999-12-31T23:59:59.999Z: later times have no four-digit year. */
  latestTimeMs: 253_402_300_799_999,
  userIdChars: 64,
  deviceIdChars: 128,
  sessionIdChars: 64,
  callIdChars: 64,
  messageIdChars: 64,
  tokenChars: 8192,
  /** An invitation with the longest name in it has 494. */
  inviteChars: 512,
  displayNameChars: 80,
  sdpChars: 64 * 1024,
  candidateChars: 2048,
  /** Names inside a candidate, a client's description and the like. */
  labelChars: 256,
  chatChars: 4000,
  emojiChars: 16,
  samplesPerBatch: 60,
  /** The shipped app sends one sample a second for a whole call; only the newest are kept. */
  reportedSamples: 1000,
  watchedUsers: 200,
  /** Messages of calls kept per session until the client confirms them. */
  resumeQueueMessages: 256,
  resumeQueueBytes: 256 * 1024,
  /**
   * Candidates kept of one side of a call for a device that comes, or comes back, later. A candidate has 150 to 250
   * characters as JSON.
   */
  keptCandidates: 64,
  keptCandidateChars: 16 * 1024,
  /** Those of all devices that ring, until one of them answers. */
  heldCandidateChars: 64 * 1024,
  historyPage: 200,
  cursorChars: 512,
  statsDays: 366,
  contactsPerUser: 2000,
  blocksPerUser: 2000,
} as const;
