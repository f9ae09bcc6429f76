import type { Store } from "@echoo/core";
import { createStoreCheck } from "../requests/store-check.ts";
import { turnUser } from "../requests/turn-user.ts";
import type { Handlers } from "../route.ts";
import type { IceServers } from "../routes/service-routes.ts";

export interface AppServiceDeps {
  readonly store: Pick<Store, "ping">;
  readonly turn: Pick<IceServers, "credentials">;
}

export function appServiceRoutes({ store, turn }: AppServiceDeps): Handlers<"appGetTurnCredentials" | "appGetHealth"> {
  const storeAnswers = createStoreCheck(store);
  return {
    appGetTurnCredentials: async ({ caller, address }) => {
      const { username, password, ttl, uris } = turn.credentials(turnUser(caller, address));
      return { status: 200, body: { username, password, ttl, uris: [...uris] } };
    },

    appGetHealth: async () => {
      const answers = await storeAnswers();
      return { status: 200, body: { status: "ok", mongodb: answers ? "connected" : "disconnected" } };
    },
  };
}
