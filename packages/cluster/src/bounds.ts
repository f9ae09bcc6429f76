/** Entries that a node's stream holds before the oldest are dropped: a node that reads nothing for so long is no more. */
export const streamEntriesMax = 50_000;
/** Records that wait in the store for the database; one more lies on its node's disk alone. */
export const waitingRecordsMax = 200_000;
/** Of those, which a node knows to be its own; one more is given to the database twice, which changes nothing. */
export const ownWaitingRecordsMax = 20_000;
/** Sessions of one user on all living nodes; one more is refused. */
export const sessionsPerUserMax = 32;
/** Ends of a user's calls that the store remembers, each for so long; the oldest goes first. */
export const endsPerUserMax = 16;
export const endRememberedMs = 15 * 60_000;
