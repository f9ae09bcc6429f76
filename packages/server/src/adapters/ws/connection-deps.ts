import type { Clock, Engine } from "@echoo/core";
import type { UserIdRule } from "@echoo/protocol";
import type { Credentials } from "../../accounts/credentials.ts";
import type { Gate } from "../../accounts/gate.ts";
import type { Tokens } from "../../accounts/tokens.ts";
import type { Logger } from "../../logging.ts";
import type { Metrics } from "../../metrics.ts";
import type { LargeFrames } from "./large-frames.ts";
import type { UserBudgets } from "./user-budgets.ts";

/** What a socket needs of the rest of the server. */
export interface ConnectionDeps {
  readonly engine: Engine;
  readonly gate: Gate;
  readonly credentials: Pick<Credentials, "hasEnded">;
  readonly tokens: Pick<Tokens, "keepAlive">;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly largeFrames: LargeFrames;
  readonly userBudgets: UserBudgets;
  readonly userIdRule: UserIdRule;
  readonly joinMs: number;
  readonly pingMs: number;
  readonly rateLimits: boolean;
}
