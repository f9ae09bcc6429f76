import { type ConnectionFacts, isLoopback, proxyHeaderOf } from "@echoo/accounts";
import { Refusal, restContract } from "@echoo/protocol";
import type { Express } from "express";
import type { Config } from "../../config/read-config.ts";
import type { GaugeValues, Metrics } from "../../observability/metrics.ts";
import { type RefusalDeps, replyWithError } from "../replies/refusal-reply.ts";
import { isMetricsToken } from "../requests/metrics-token.ts";
import { contextOf } from "../requests/request-context.ts";

interface MetricsRouteDeps extends RefusalDeps {
  readonly config: Pick<Config, "metricsToken" | "production">;
  readonly metrics: Pick<Metrics, "contentType" | "refused" | "render">;
  readonly gauges: () => GaugeValues;
}

/**
 * Metrics for the operator: with the metrics token, or, in development, from the machine itself. No user's token opens
 * them.
 */
export function addMetricsRoute(app: Express, deps: MetricsRouteDeps): void {
  app.get(restContract.getMetrics.path, async (_request, response) => {
    const { facts } = contextOf(response);
    try {
      if (!mayRead(facts, deps.config)) {
        throw new Refusal("unauthorized", {
          message: "Send the token of ECHOO_METRICS_TOKEN.",
        });
      }
      response.set("Cache-Control", "no-store").set("Content-Type", deps.metrics.contentType);
      response.status(200).send(await deps.metrics.render(deps.gauges()));
    } catch (thrown) {
      replyWithError(deps, response, thrown);
    }
  });
}

function mayRead(facts: ConnectionFacts, config: Pick<Config, "metricsToken" | "production">): boolean {
  const { authorization } = facts.headers;
  const { metricsToken: token, production } = config;
  // In production a proxy on this machine may add no header, and then all clients come from loopback.
  if (authorization === undefined) {
    return token === undefined && !production && isLoopback(facts.address) && proxyHeaderOf(facts) === undefined;
  }
  return isMetricsToken(config, authorization);
}
