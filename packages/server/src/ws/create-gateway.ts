import type { Accounts } from "@echoo/accounts";
import type { Clock } from "@echoo/core";
import type { Config } from "../config/read-config.ts";
import type { Logger } from "../observability/logging.ts";
import type { Metrics } from "../observability/metrics.ts";
import type { SocketEngine } from "./connection-deps.ts";
import { LargeFrames } from "./limits/large-frames.ts";
import { OfferTurns } from "./limits/offer-turns.ts";
import { SocketLimits, socketRates } from "./limits/socket-limits.ts";
import { UnjoinedSockets } from "./limits/unjoined-sockets.ts";
import { UserBudgets } from "./limits/user-budgets.ts";
import { OpenSockets } from "./running/open-sockets.ts";
import { SocketRunner } from "./running/socket-runner.ts";
import { UpgradeAdmission } from "./upgrades/upgrade-admission.ts";
import { WsGateway } from "./ws-gateway.ts";

export interface GatewayDeps {
  readonly config: Pick<Config, "joinMs" | "origins" | "pingMs" | "publicUrl" | "rateLimits" | "socketsPerAddress">;
  readonly accounts: Pick<
    Accounts,
    "authenticator" | "clientOf" | "credentials" | "observe" | "ownHosts" | "tokens" | "userIdRule"
  >;
  readonly engine: SocketEngine;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Runs something at the end of this turn of the event loop. */
  readonly defer: (run: () => void) => void;
}

/** Makes the parts of the gateway, with the limits that all its sockets share, and connects them. */
export function createGateway({ config, accounts, engine, clock, logger, metrics, defer }: GatewayDeps): WsGateway {
  const { authenticator, credentials, tokens, userIdRule } = accounts;
  const { joinMs, pingMs, rateLimits } = config;
  const limits = new SocketLimits(rateLimits ? socketRates(config.socketsPerAddress) : undefined, clock);
  const admission = new UpgradeAdmission({ origins: config, accounts, limits, logger, metrics });
  const open = new OpenSockets(new UnjoinedSockets());
  const [largeFrames, userBudgets] = [new LargeFrames(clock), new UserBudgets()];
  const runner = new SocketRunner(
    {
      engine,
      authenticator,
      credentials,
      tokens,
      clock,
      logger,
      metrics,
      largeFrames,
      userBudgets,
      offerTurns: new OfferTurns(defer),
      userIdRule,
      joinMs,
      pingMs,
      rateLimits,
    },
    open,
  );
  return new WsGateway(admission, runner, open);
}
