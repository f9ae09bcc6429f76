/** Counts what was allowed per key within the last stretch of time. */
export interface Limit {
  /** How many count now. */
  count(key: string): Promise<number>;
  /** How long until one more is allowed; 0 if it is now. Asking counts nothing. */
  waitMs(key: string): Promise<number>;
  /** Counts one more, and gives 0; or tells how long until that is allowed. Of many at once no more pass than may. */
  take(key: string): Promise<number>;
  /** Forgets the newest that was counted: it came to nothing. */
  giveBack(key: string): Promise<void>;
}

export interface LimitRule {
  /** Tells its counts from those of other limits, where they are kept together. */
  readonly name: string;
  readonly max: number;
  readonly windowMs: number;
  /**
   * Where several servers count together and the place of their counts is away: `refuse` says `unavailable`; without it
   * a server goes on by its own count.
   */
  readonly whileAway?: "refuse";
}

/** Makes the limits of one server; counts that several servers share are another way to make them. */
export type MakeLimit = (rule: LimitRule) => Limit;
