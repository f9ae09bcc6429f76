/** How much the shared memory holds. */
export const sharedBounds = {
  /** Keys of one limit that are counted; with one more the one that has been quiet longest is forgotten. */
  limitedKeysMax: 1_000_000,
  /** Users whose questions about strangers are counted on one day; those beyond may ask about none. */
  askersMax: 200_000,
  /** Addresses at which a user's tokens are remembered; with one more the one that was used least lately is forgotten. */
  addressesPerUserMax: 32,
  /** Withdrawn tokens that are remembered; with one more the one that was withdrawn first is forgotten. */
  withdrawnMax: 100_000,
} as const;

export type SharedBounds = { readonly [K in keyof typeof sharedBounds]: number };

export const sharedDayMs = 24 * 3_600_000;
