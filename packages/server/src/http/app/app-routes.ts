import type { Registration } from "@echoo/accounts";
import type { AdminOperationId, AdminWebhookOperationId, ApiOperationId, OperationId } from "@echoo/protocol";
import type { AnyHandlers, Handlers } from "../route.ts";
import { appAccountRoutes } from "./app-account-routes.ts";
import { type AppCallDeps, appCallRoutes } from "./app-call-routes.ts";
import { appContactRoutes } from "./app-contact-routes.ts";
import { type AppServiceDeps, appServiceRoutes } from "./app-service-routes.ts";

interface AppRouteDeps extends AppCallDeps, AppServiceDeps {
  readonly store: AppCallDeps["store"] & AppServiceDeps["store"];
}

/** The services behind /api whose words are translated. */
interface ApiServices {
  readonly registration: Registration;
  readonly users: Handlers<"getUser" | "updateUser">;
  readonly contacts: Handlers<"listContacts" | "putContact" | "deleteContact">;
}

/**
 * The paths of the Android app that is already shipped. Each says in the app's words what the services behind /api
 * say in theirs; nothing is decided here. What the app cannot bear is in the contract's schemas: no null, times and
 * whole numbers exactly as it parses them, a JSON object in every answer.
 */
export function appRoutes(
  deps: AppRouteDeps,
  { registration, users, contacts }: ApiServices,
): AnyHandlers<Exclude<OperationId, ApiOperationId | AdminOperationId | AdminWebhookOperationId>> {
  return {
    ...appAccountRoutes(registration, users),
    ...appCallRoutes(deps),
    ...appContactRoutes(contacts),
    ...appServiceRoutes(deps),
  };
}
