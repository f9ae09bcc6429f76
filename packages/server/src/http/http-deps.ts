import type { Accounts, Audit } from "@echoo/accounts";
import type { Clock, Ids, Pause, RingControl, RunningControl, SignalingControl, Store } from "@echoo/core";
import type { RequestHandler } from "express";
import type { Config } from "../config/read-config.ts";
import type { Logger } from "../observability/logging.ts";
import type { GaugeValues, Metrics } from "../observability/metrics.ts";
import type { Administration } from "./admin/admin-routes.ts";
import type { HeavyReads } from "./replies/heavy-reads.ts";
import type { RequestRates } from "./requests/request-limits.ts";
import type { PushKinds } from "./routes/push-routes.ts";
import type { TicketReader } from "./routes/ring-routes.ts";
import type { IceServers, ServerHealth } from "./routes/service-routes.ts";
import type { SampleKeeper } from "./routes/stats-routes.ts";

/** A router of another part of the server, such as the pages of the documentation. */
export interface MountedRouter {
  readonly path: string;
  readonly router: RequestHandler;
}

/**
 * Everything that REST needs of the rest of the server. `createHttpApp` alone knows all of it; each route names the part
 * that it takes.
 */
export interface HttpDeps extends ServerHealth {
  readonly config: Pick<
    Config,
    | "icePolicy"
    | "metricsToken"
    | "origins"
    | "production"
    | "proof"
    | "publicUrl"
    | "rateLimits"
    | "tlsCert"
    | "turnUrls"
  >;
  readonly store: Store;
  readonly accounts: Accounts;
  /** The signaling engine: HTTP reaches it in no other way. */
  readonly live: SignalingControl & SampleKeeper & { readonly rings: RingControl; readonly running: RunningControl };
  readonly turn: IceServers;
  readonly push: PushKinds;
  readonly tickets: TicketReader;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly logger: Logger;
  readonly audit: Audit;
  readonly metrics: Metrics;
  readonly administration: Administration;
  /** Whether a command of the operator on this machine shows it. */
  readonly isPass: (text: string) => boolean;
  readonly gauges: () => GaugeValues;
  /** The address of the web phone that carries an invitation. */
  readonly inviteLink: (token: string) => string;
  /** Erases an account from the store and from what still waits for it. */
  readonly eraseUser: (userId: string, replacement: string) => Promise<void>;
  readonly routers: readonly MountedRouter[];
  /** Ends a step of long work. */
  readonly pause: Pause;
  /** Each reading of a whole history goes through here. */
  readonly heavyReads: HeavyReads;
  readonly requestRates: RequestRates;
  /** The folders of the built pages: the phone and the dashboard. */
  readonly phoneDir: string;
  readonly dashboardDir: string;
}
