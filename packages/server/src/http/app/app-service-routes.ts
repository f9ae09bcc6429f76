import type { HttpDeps } from "../http-deps.ts";
import { createStoreCheck } from "../requests/store-check.ts";
import { turnUser } from "../requests/turn-user.ts";
import type { Handlers } from "../route.ts";

export function appServiceRoutes({ store, turn }: HttpDeps): Handlers<"appGetTurnCredentials" | "appGetHealth"> {
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
