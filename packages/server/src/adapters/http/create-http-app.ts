import type { OperationId } from "@echoo/protocol";
import express, { type Express } from "express";
import { appRoutes } from "./app/app-routes.ts";
import { authRoutes } from "./auth-routes.ts";
import { blockRoutes } from "./block-routes.ts";
import { callRoutes } from "./call-routes.ts";
import { contactRoutes } from "./contact-routes.ts";
import { demandOwnHost } from "./demand-own-host.ts";
import type { HttpDeps } from "./http-deps.ts";
import { invitationRoutes } from "./invitation-routes.ts";
import { addMetricsRoute } from "./metrics-route.ts";
import { servePhonePage } from "./phone-page.ts";
import { lastResort } from "./refusal-reply.ts";
import { beginRequest } from "./request-context.ts";
import { createRequestLimits } from "./request-limits.ts";
import { type AnyHandlers, addRoutes } from "./route.ts";
import { addSecurityHeaders, answerOtherPages } from "./security-headers.ts";
import { serviceRoutes } from "./service-routes.ts";
import { statsRoutes } from "./stats-routes.ts";
import { refuseTheRest } from "./unknown-paths.ts";
import { userRoutes } from "./user-routes.ts";

/** All of Echoo's HTTP: REST, metrics, the phone page, and what other parts mount. */
export function createHttpApp(deps: HttpDeps): Express {
  const app = express();
  // A 304 has no body, and the shipped app takes every answer to be JSON. Static files keep their own tags.
  app.set("etag", false);
  app.use(beginRequest(deps));
  addSecurityHeaders(app, deps.config);
  app.use(demandOwnHost(deps));
  answerOtherPages(app, deps.config);

  const limits = createRequestLimits(deps.config.rateLimits, deps.clock, deps.requestRates);
  addRoutes(app, { ...deps, limits }, handlersOf(deps));
  addMetricsRoute(app, deps);

  for (const { path, router } of deps.routers) app.use(path, router);
  servePhonePage(app, deps.phoneDir);
  refuseTheRest(app, deps);
  app.use(lastResort(deps));
  return app;
}

/** The endpoints of the contract that other files serve: the documents of the API, and the metrics. */
type ServedElsewhere = "getOpenApi" | "getAsyncApi" | "getDocs" | "getMetrics";

/** One handler for every other endpoint: a row of the contract without one does not compile. */
function handlersOf(deps: HttpDeps): AnyHandlers<Exclude<OperationId, ServedElsewhere>> {
  return {
    ...authRoutes(deps),
    ...invitationRoutes(deps),
    ...userRoutes(deps),
    ...contactRoutes(deps),
    ...blockRoutes(deps),
    ...callRoutes(deps),
    ...statsRoutes(deps),
    ...serviceRoutes(deps),
    ...appRoutes(deps),
  };
}
