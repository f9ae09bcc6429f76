import { Refusal } from "@echoo/protocol";
import type { HttpDeps } from "../http-deps.ts";
import { seesDetails } from "../requests/sees-details.ts";
import { createStoreCheck } from "../requests/store-check.ts";
import { turnUser } from "../requests/turn-user.ts";
import type { Handlers } from "../route.ts";

export function serviceRoutes(deps: HttpDeps): Handlers<"getTurn" | "getHealth" | "live" | "ready"> {
  const { config, store, live, turn, clock, version, isReady, isKeepingRecords } = deps;
  const startedAtMs = clock.steady();
  const storeAnswers = createStoreCheck(store);

  return {
    getTurn: async ({ caller, address }) => {
      const policy = config.icePolicy === "relay" ? { iceTransportPolicy: "relay" as const } : {};
      const iceServers = turn.iceServers(turnUser(caller, address));
      return { status: 200, body: { iceServers, ...policy, ttl: turn.ttlSec } };
    },

    getHealth: async ({ caller, facts }) => {
      const httpsPort = deps.httpsPort?.();
      const answers = await storeAnswers();
      const setAside = deps.setAside?.() ?? 0;
      const problems = [...deps.accounts.problems(), ...(deps.dataProblems?.() ?? [])];
      const details = (await seesDetails(deps, caller, { facts }))
        ? {
            online: live.onlineUsers,
            activeCalls: live.activeCalls,
            ...(setAside > 0 ? { setAside } : {}),
            ...(problems.length > 0 ? { problems } : {}),
          }
        : {};
      const body = {
        status: answers && isKeepingRecords() && problems.length === 0 ? ("ok" as const) : ("degraded" as const),
        store: deps.isStoreDamaged?.() ? ("damaged" as const) : store.kind,
        version,
        uptimeSec: Math.round((clock.steady() - startedAtMs) / 1000),
        ...details,
        ...(httpsPort === undefined ? {} : { httpsPort }),
      };
      return { status: 200, body };
    },

    live: async () => ({ status: 200, body: { status: "ok" } }),

    ready: async () => {
      if (!isReady()) throw new Refusal("unavailable", { message: "The server starts or drains." });
      return { status: 200, body: { status: "ok" } };
    },
  };
}
