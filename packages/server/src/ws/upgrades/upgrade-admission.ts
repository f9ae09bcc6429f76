import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type Accounts, type ConnectionFacts, factsOf, mayConnect } from "@echoo/accounts";
import type { Config } from "../../config/read-config.ts";
import type { Logger } from "../../observability/logging.ts";
import type { Metrics } from "../../observability/metrics.ts";
import type { SocketLimits, SocketPlace } from "../limits/socket-limits.ts";
import { refuseUpgrade } from "./refuse-upgrade.ts";

export interface AdmissionDeps {
  readonly origins: Pick<Config, "origins" | "publicUrl">;
  readonly accounts: Pick<Accounts, "clientOf" | "observe" | "ownHosts">;
  readonly limits: SocketLimits;
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, "refused">;
}

/** An upgrade that is taken: who asks for it, and the place of its socket, which is given back as its stream closes. */
export interface AdmittedUpgrade {
  readonly facts: ConnectionFacts;
  readonly place: SocketPlace;
}

/** Decides which upgrades become sockets, and answers those that do not. */
export class UpgradeAdmission {
  readonly #deps: AdmissionDeps;
  #isDraining = false;

  constructor(deps: AdmissionDeps) {
    this.#deps = deps;
  }

  /** No upgrade is taken from now on. */
  drain(): void {
    this.#isDraining = true;
  }

  /** Undefined for an upgrade that was refused, and so answered, or whose client is gone. */
  async admit(request: IncomingMessage, stream: Duplex): Promise<AdmittedUpgrade | undefined> {
    const { accounts, limits, logger, metrics } = this.#deps;
    const facts = factsOf(request);
    const { host } = facts.headers;
    if (!accounts.ownHosts.isOwn(host)) {
      logger.warn({ host }, "an upgrade for another host was refused; see ECHOO_HOSTS");
      metrics.refused("ws", "unknown_host");
      refuseUpgrade(stream, 421);
      return undefined;
    }
    const client = accounts.clientOf(facts);
    accounts.observe(facts, client);
    // What is refused further down counts too, for it costs as much.
    const place = await limits.take(client);
    if (typeof place === "number") {
      metrics.refused("ws", "rate_limited");
      refuseUpgrade(stream, 429, place);
      return undefined;
    }
    stream.once("close", () => place.leave());
    const refusal = this.#refusal(request, facts);
    if (!stream.destroyed && refusal === undefined) return { facts, place };
    if (stream.destroyed) place.leave();
    else if (refusal !== undefined) refuseUpgrade(stream, refusal);
    return undefined;
  }

  #refusal(request: IncomingMessage, facts: ConnectionFacts): 403 | 404 | 503 | undefined {
    const path = (request.url ?? "").split("?", 1)[0];
    if (path !== "/" && path !== "/ws") return 404;
    if (!mayConnect(facts, this.#deps.origins)) {
      const { origin } = facts.headers;
      this.#deps.logger.warn({ origin }, "a page of another origin was refused; see ECHOO_ORIGINS");
      return 403;
    }
    return this.#isDraining ? 503 : undefined;
  }
}
