import type { Accounts, Audit } from "@echoo/accounts";
import type { Clock, Ids, Pause, SampleBatch, SignalingControl, Store } from "@echoo/core";
import type { IceServer } from "@echoo/protocol";
import type { RequestHandler } from "express";
import type { Config } from "../config/read-config.ts";
import type { Logger } from "../observability/logging.ts";
import type { Metrics } from "../observability/metrics.ts";
import type { HeavyReads } from "./replies/heavy-reads.ts";
import type { RequestRates } from "./requests/request-limits.ts";

/** STUN and TURN servers for a user; the TURN adapter is one. */
interface IceServers {
  readonly ttlSec: number;
  iceServers(userId: string): IceServer[];
  credentials(userId: string): {
    readonly username: string;
    readonly password: string;
    readonly ttl: number;
    readonly uris: readonly string[];
  };
}

/** A router of another part of the server, such as the pages of the documentation. */
export interface MountedRouter {
  readonly path: string;
  readonly router: RequestHandler;
}

/** Everything that REST needs of the rest of the server. */
export interface HttpDeps {
  readonly config: Config;
  readonly store: Store;
  readonly accounts: Accounts;
  readonly live: SignalingControl;
  readonly turn: IceServers;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly logger: Logger;
  readonly audit: Audit;
  readonly metrics: Metrics;
  readonly version: string;
  /** The address of the web phone that carries an invitation. */
  readonly inviteLink: (token: string) => string;
  /** False while the server starts or drains. */
  readonly isReady: () => boolean;
  /** False while the journal's disk fails, so that a crash would forget calls, or records wait for a store that is away. */
  readonly isKeepingRecords: () => boolean;
  /** Whether a part of the embedded database cannot be read. */
  readonly isStoreDamaged?: () => boolean;
  /** Entries of the journal that wait for people to look at them. */
  readonly setAside?: () => number;
  /** What is damaged in the data folder, in words. */
  readonly dataProblems?: () => readonly { readonly code: string; readonly message: string }[];
  /**
   * Takes samples that a party of a call sent; what it was given survives this process. The result is how long the
   * reporter has to wait instead; 0 where they are taken.
   */
  readonly submitSamples: (batch: SampleBatch) => number;
  /**
   * Erases an account from the store and from what still waits for it. Absent, the store alone is asked: right only
   * where nothing waits.
   */
  readonly eraseUser?: (userId: string, replacement: string) => Promise<void>;
  readonly routers: readonly MountedRouter[];
  /** Where the server speaks HTTPS besides, once it does. */
  readonly httpsPort?: () => number | undefined;
  /** Ends a step of long work. */
  readonly pause: Pause;
  /** Whoever reads a whole history goes through here. */
  readonly heavyReads: HeavyReads;
  /** Requests a minute; the usual ones where absent. */
  readonly requestRates?: RequestRates;
  /** The built phone page; its usual folder where absent. */
  readonly phoneDir?: string;
}
