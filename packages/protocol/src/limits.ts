import { clientLimits } from "./browser/client-limits.ts";

/** Every bound of the wire, with its unit in its name. Each has a test of what happens one past it. */
export const limits = {
  ...clientLimits,
  /**
   * What is read to its end, to be refused by name, with what stands behind it. Nothing larger can be skipped: it ends
   * its socket. The shipped app's network library queues no more than this.
   */
  skippedFrameBytes: 16 * 1024 * 1024,
  /** One before its sender has joined: a token, and what comes with it. */
  unjoinedFrameBytes: 12 * 1024,
  /** Lists and objects in each other, in a frame or a body. */
  jsonLevels: 32,
  /** A REST body, the larger one for a batch of statistics, and one that comes without a token. */
  restBodyBytes: 256 * 1024,
  tokenlessBodyBytes: 8 * 1024,
  restStatsBodyBytes: 1024 * 1024,
  /** 9999-12-31T23:59:59.999Z: later times have no four-digit year. */
  latestTimeMs: 253_402_300_799_999,
  /** The largest figure, and the largest count, that a sample may have: sums and roundings of them stay numbers. */
  sampleFigure: 1e15,
  sampleCount: 1e9,
  deviceIdChars: 128,
  sessionIdChars: 64,
  tokenIdChars: 64,
  callIdChars: 64,
  messageIdChars: 64,
  tokenChars: 8192,
  originChars: 512,
  /** An invitation with the longest name in it has 494. */
  inviteChars: 512,
  displayNameChars: 80,
  sdpChars: 64 * 1024,
  candidateChars: 2048,
  /** Names inside a candidate, a client's description and the like. */
  labelChars: 256,
  /** What is kept of the name of a codec: the longest registered media type has about 50. */
  codecChars: 64,
  /** The word that the shipped app has for the quality of a moment. */
  qualityWordChars: 16,
  uploadedSamples: 1000,
  /**
   * Of one user in 24 hours, over all calls and all ways: one a second. Calls all day long at one every 2 s are half.
   */
  samplesPerUserDay: 86_400,
  /** The longest call, 12 h, at one every 2 s; the shipped app has one every 3 s. Of more, as many are taken evenly. */
  reportedSamples: 21_600,
  /** Messages of calls kept per session until the client confirms them. */
  resumeQueueMessages: 256,
  resumeQueueBytes: 256 * 1024,
  /**
   * Candidates kept of one side of a call for a device that comes, or comes back, later. A candidate has 150 to 250
   * characters as JSON.
   */
  keptCandidates: 64,
  keptCandidateChars: 16 * 1024,
  /**
   * Candidates of the caller that are passed on before the answer; a browser gathers some 30. Past it only those
   * that are worth more than another that is kept.
   */
  relayedCandidates: 512,
  /** Those of all devices that ring, until one of them answers. */
  heldCandidateChars: 64 * 1024,
  /**
   * Events in one report, and what is kept of one side of a call: the first and the newest by their number, so many
   * characters as JSON.
   */
  reportEvents: 200,
  reportKindChars: 32,
  /** How long after the end of a call its clients may tell of it. */
  reportAfterEndMs: 24 * 3_600_000,
  firstReportEvents: 150,
  newestReportEvents: 50,
  firstReportChars: 12 * 1024,
  newestReportChars: 4 * 1024,
  /** What is kept of the name, version and platform of a client. */
  clientFactChars: 64,
  historyPage: 200,
  cursorChars: 512,
  statsDays: 366,
  /** Calls that a user posted and the server did not see: the newest are kept. And how many new ones a day. */
  postedCallsPerUser: 10_000,
  postedCallsPerDay: 1_000,
  contactsPerUser: 2000,
  blocksPerUser: 2000,
  /** Devices to push to; the one goes first that was registered longest ago. And what names where one is reached. */
  pushDevicesPerUser: 10,
  pushEndpointChars: 2048,
  pushTokenChars: 4096,
  localeChars: 35,
  /** What one page of an administrator's lists has, what is looked at for it, and how long a time is searched for calls. */
  adminPage: 200,
  adminLooked: 10_000,
  adminSearchDays: 31,
  /** Live views of the installation that are open at once. */
  adminStreams: 20,
  /** That of the settings is one of them, and is never kept out by the others. */
  webhooks: 10,
  webhookUrlChars: 2048,
  /** Calls and accounts, each with all of its events. */
  webhookSubjectsListed: 200,
  /** A ticket for a ring: the longest name of a device, and some 60 more. */
  ticketChars: 1024,
} as const;
