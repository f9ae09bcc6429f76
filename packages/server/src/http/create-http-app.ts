import { createAuditedRegistration } from "@echoo/accounts";
import type { OperationId } from "@echoo/protocol";
import express, { type Express } from "express";
import { adminRoutes } from "./admin/admin-routes.ts";
import { appRoutes } from "./app/app-routes.ts";
import type { HttpDeps } from "./http-deps.ts";
import { lastResort } from "./replies/refusal-reply.ts";
import { addSecurityHeaders, answerOtherPages, answerRefusedPages } from "./replies/security-headers.ts";
import { beginRequest } from "./requests/request-context.ts";
import { createRequestLimits } from "./requests/request-limits.ts";
import { requireOwnHost } from "./requests/require-own-host.ts";
import { type AnyHandlers, addRoutes } from "./route.ts";
import { authRoutes } from "./routes/auth-routes.ts";
import { blockRoutes } from "./routes/block-routes.ts";
import { callRoutes } from "./routes/call-routes.ts";
import { contactRoutes } from "./routes/contact-routes.ts";
import { serveDashboard } from "./routes/dashboard-page.ts";
import { invitationRoutes } from "./routes/invitation-routes.ts";
import { addMetricsRoute } from "./routes/metrics-route.ts";
import { servePhonePage } from "./routes/phone-page.ts";
import { pushRoutes } from "./routes/push-routes.ts";
import { ringRoutes } from "./routes/ring-routes.ts";
import { serviceRoutes } from "./routes/service-routes.ts";
import { statsRoutes } from "./routes/stats-routes.ts";
import { refuseTheRest } from "./routes/unknown-paths.ts";
import { userRoutes } from "./routes/user-routes.ts";

/** All of Echoo's HTTP: REST, metrics, the phone page, and what other parts mount. */
export function createHttpApp(deps: HttpDeps): Express {
  const app = express();
  // A 304 has no body, and the shipped app takes every answer to be JSON. Static files keep their own tags.
  app.set("etag", false);
  app.use(beginRequest(deps));
  addSecurityHeaders(app, deps.config);
  answerRefusedPages(app);
  app.use(requireOwnHost(deps));
  answerOtherPages(app, deps.config);

  const limits = createRequestLimits(deps.config.rateLimits, deps.clock, deps.requestRates);
  const { accounts, audit, clock, config, isPass, logger, metrics, store } = deps;
  addRoutes(app, { accounts, audit, clock, config, isPass, logger, metrics, limits, store }, handlersOf(deps));
  addMetricsRoute(app, deps);

  for (const { path, router } of deps.routers) app.use(path, router);
  serveDashboard(app, deps.dashboardDir);
  servePhonePage(app, deps.phoneDir);
  refuseTheRest(app, deps);
  app.use(lastResort(deps));
  return app;
}

/** The endpoints of the contract that other files serve: the documents of the API, and the metrics. */
type ServedElsewhere = "getOpenApi" | "getAsyncApi" | "getDocs" | "getMetrics";

/** One handler for every other endpoint: a row of the contract without one does not compile. */
function handlersOf(deps: HttpDeps): AnyHandlers<Exclude<OperationId, ServedElsewhere>> {
  const registration = createAuditedRegistration(deps);
  const [users, contacts] = [userRoutes(deps), contactRoutes(deps)];
  return {
    ...authRoutes(deps, registration),
    ...invitationRoutes(deps),
    ...users,
    ...contacts,
    ...blockRoutes(deps),
    ...pushRoutes(deps),
    ...ringRoutes(deps),
    ...callRoutes(deps),
    ...statsRoutes(deps),
    ...adminRoutes(deps, deps.administration),
    ...serviceRoutes(deps),
    ...appRoutes(deps, { registration, users, contacts }),
  };
}
