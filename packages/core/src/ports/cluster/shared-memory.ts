/** So many within so long, by the name that tells its counts from those of other limits. */
export interface SharedLimit {
  readonly name: string;
  readonly max: number;
  readonly windowMs: number;
}

/** What is counted per key, on all nodes together. */
export interface SharedLimits {
  /** How many count now, and how long until one more is allowed; 0 if it is now. Asking counts nothing. */
  look(limit: SharedLimit, key: string): Promise<{ readonly count: number; readonly waitMs: number }>;
  /** Counts one more, and gives 0; or tells how long until that is allowed. Of many at once no more pass than may. */
  take(limit: SharedLimit, key: string): Promise<number>;
  /** Forgets the newest that was counted, on whichever node. */
  giveBack(limit: SharedLimit, key: string): Promise<void>;
}

/** What a question about a stranger came to. */
export interface AskedStranger {
  readonly isAllowed: boolean;
  /** About how many different ones the user has asked on this day, on all nodes. */
  readonly count: number;
  /** Which day it is; of the same length for all, by the clock that all share. */
  readonly day: number;
  readonly dayLeftMs: number;
}

/** Whom each user asked about on this day. */
export interface SharedStrangers {
  /** The same one again costs nothing. */
  ask(user: string, about: string, perDay: number): Promise<AskedStranger>;
}

/** A token that was used from an address; `token` is the asker's to read. */
export interface AddressUse {
  readonly token: string;
  readonly agoMs: number;
}

/** Which address used which user's tokens within 24 hours. */
export interface SharedAddresses {
  noteUse(user: string, address: string, use: AddressUse & { readonly id: string }, tokensMax: number): Promise<void>;
  /** The last one first. */
  uses(user: string, address: string): Promise<readonly AddressUse[]>;
}

/** What was withdrawn lately, by names of the asker's choice. */
export interface SharedWithdrawals {
  withdraw(name: string, rememberedMs: number): Promise<void>;
  /** For each name how long ago it was withdrawn; undefined for one that was not. */
  withdrawnAgoMs(names: readonly string[]): Promise<readonly (number | undefined)[]>;
}

/** Whether any node has seen a proxy on its machine within a day. */
export interface SharedTrust {
  sawProxy(): Promise<void>;
  wasProxySeen(): Promise<boolean>;
}

/**
 * What all nodes count and remember together about who may speak as whom. Each method is one step that happens as a
 * whole, by the clock of the store. Rejects with `ClusterAway` within 1.5 s where the store cannot be asked; whether the
 * step was taken is not known then.
 */
export interface SharedMemory {
  readonly limits: SharedLimits;
  readonly strangers: SharedStrangers;
  readonly addresses: SharedAddresses;
  readonly withdrawals: SharedWithdrawals;
  readonly trust: SharedTrust;
  /** Runs after every connection: what could not be told meanwhile is told again. */
  onBack(run: () => void): void;
}
