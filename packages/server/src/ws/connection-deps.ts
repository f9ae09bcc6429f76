import type { Authenticator, Credentials, Tokens } from "@echoo/accounts";
import type { Clock, Engine } from "@echoo/core";
import type { UserIdRule } from "@echoo/protocol";
import type { Logger } from "../observability/logging.ts";
import type { Metrics } from "../observability/metrics.ts";
import type { LargeFrames } from "./limits/large-frames.ts";
import type { OfferTurns } from "./limits/offer-turns.ts";
import type { UserBudgets } from "./limits/user-budgets.ts";

/** What a socket asks of the engine, and tells it. */
export type SocketEngine = Pick<Engine, "join" | "renewToken" | "receive" | "passOver" | "tell" | "linkLost">;

/** What a socket needs of the rest of the server. */
export interface ConnectionDeps {
  readonly engine: SocketEngine;
  readonly authenticator: Authenticator;
  readonly credentials: Pick<Credentials, "hasEnded">;
  readonly tokens: Pick<Tokens, "keepAlive">;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly largeFrames: LargeFrames;
  readonly userBudgets: UserBudgets;
  readonly offerTurns: OfferTurns;
  readonly userIdRule: UserIdRule;
  readonly joinMs: number;
  readonly pingMs: number;
  readonly rateLimits: boolean;
}
