import type { ApiOperationId, OperationId } from "@echoo/protocol";
import type { HttpDeps } from "../http-deps.ts";
import type { AnyHandlers } from "../route.ts";
import { appAccountRoutes } from "./app-account-routes.ts";
import { appCallRoutes } from "./app-call-routes.ts";
import { appContactRoutes } from "./app-contact-routes.ts";
import { appServiceRoutes } from "./app-service-routes.ts";

/**
 * The paths of the Android app that is already shipped. Each says in the app's words what the services behind /api
 * say in theirs; nothing is decided here. What the app cannot bear is in the contract's schemas: no null, times and
 * whole numbers exactly as it parses them, a JSON object in every answer.
 */
export function appRoutes(deps: HttpDeps): AnyHandlers<Exclude<OperationId, ApiOperationId>> {
  return {
    ...appAccountRoutes(deps),
    ...appCallRoutes(deps),
    ...appContactRoutes(deps),
    ...appServiceRoutes(deps),
  };
}
