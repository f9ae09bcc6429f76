/**
 * The bounds of the wire that a client holds itself, so that nothing is sent that the server refuses. Browsers carry these
 * alone; the others are in `limits`, which has these as well.
 */
export const clientLimits = {
  /** One WebSocket text frame; some messages may have more (`frameBytesOf`). Before a join no frame is larger. */
  frameBytes: 64 * 1024,
  descriptionFrameBytes: 512 * 1024,
  statsFrameBytes: 256 * 1024,
  watchFrameBytes: 128 * 1024,
  callStatsFrameBytes: 8 * 1024 * 1024,
  userIdChars: 64,
  chatChars: 4000,
  emojiChars: 16,
  samplesPerBatch: 60,
  watchedUsers: 200,
} as const;

const frameLimits: Readonly<Record<string, number>> = {
  offer: clientLimits.descriptionFrameBytes,
  answer: clientLimits.descriptionFrameBytes,
  stats: clientLimits.statsFrameBytes,
  watch: clientLimits.watchFrameBytes,
  unwatch: clientLimits.watchFrameBytes,
  callStats: clientLimits.callStatsFrameBytes,
};

/**
 * What a frame with a client's message of this type may have. Each covers the largest message that its fields allow,
 * however its JSON is escaped.
 */
export function frameBytesOf(type: string): number {
  return Object.hasOwn(frameLimits, type) ? (frameLimits[type] ?? clientLimits.frameBytes) : clientLimits.frameBytes;
}
