import { type Accounts, mayConnect } from "@echoo/accounts";
import type { Clock, SignalingControl, Store } from "@echoo/core";
import { type IceServer, Refusal } from "@echoo/protocol";
import type { Config } from "../../config/read-config.ts";
import { seesDetails } from "../requests/sees-details.ts";
import { createStoreCheck } from "../requests/store-check.ts";
import { turnUser } from "../requests/turn-user.ts";
import type { Handlers } from "../route.ts";

/** STUN and TURN servers for a user; the TURN adapter is one. */
export interface IceServers {
  readonly ttlSec: number;
  iceServers(userId: string): IceServer[];
  credentials(userId: string): {
    readonly username: string;
    readonly password: string;
    readonly ttl: number;
    readonly uris: readonly string[];
  };
}

interface ClusterHealth {
  readonly redis: "ok" | "settling" | "away";
  readonly nodes: number;
  readonly waitingRecords: number;
}

/** How the server says that it is. */
export interface ServerHealth {
  readonly version: string;
  /** False while the server starts or drains. */
  readonly isReady: () => boolean;
  /** False while the journal's disk fails, so that a crash would forget calls, or records wait for a store that is away. */
  readonly isKeepingRecords: () => boolean;
  /** Whether a part of the embedded database cannot be read. */
  readonly isStoreDamaged: () => boolean;
  /** Entries of the journal that wait for people to look at them. */
  readonly setAside: () => number;
  /** What is damaged in the data folder, in words. */
  readonly dataProblems: () => readonly { readonly code: string; readonly message: string }[];
  /** How things stand among several servers; undefined on a single one. */
  readonly clusterState: () => ClusterHealth | undefined;
  /** Where the server speaks HTTPS besides, once it does. */
  readonly httpsPort: () => number | undefined;
}

interface ServiceRouteDeps extends ServerHealth {
  readonly config: Pick<Config, "icePolicy" | "origins" | "publicUrl">;
  readonly store: Pick<Store, "kind" | "ping" | "users">;
  readonly accounts: Pick<Accounts, "openAccess" | "problems">;
  readonly live: Pick<SignalingControl, "onlineUsers" | "activeCalls">;
  readonly turn: Pick<IceServers, "iceServers" | "ttlSec">;
  readonly clock: Pick<Clock, "steady">;
}

export function serviceRoutes(
  deps: ServiceRouteDeps,
): Handlers<"getTurn" | "getHealth" | "live" | "ready" | "askAboutSocket"> {
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
      const httpsPort = deps.httpsPort();
      const answers = await storeAnswers();
      const [setAside, cluster] = [deps.setAside(), deps.clusterState()];
      const problems = [...deps.accounts.problems(), ...deps.dataProblems()];
      const details = (await seesDetails(deps, caller, { facts }))
        ? {
            online: live.onlineUsers,
            activeCalls: live.activeCalls,
            ...(setAside > 0 ? { setAside } : {}),
            ...countsOf(cluster),
            ...(problems.length > 0 ? { problems } : {}),
          }
        : {};
      const body = {
        status:
          answers && isKeepingRecords() && isTogether(cluster) && problems.length === 0
            ? ("ok" as const)
            : ("degraded" as const),
        store: deps.isStoreDamaged() ? ("damaged" as const) : store.kind,
        ...(cluster ? { redis: cluster.redis } : {}),
        version,
        uptimeSec: Math.round((clock.steady() - startedAtMs) / 1000),
        ...details,
        ...(httpsPort === undefined ? {} : { httpsPort }),
      };
      return { status: 200, body };
    },

    live: async () => ({ status: 200, body: { status: "ok" } }),

    askAboutSocket: async ({ query, facts }) => {
      const { origin } = query;
      // A page of this very host sends no Origin with this request, though it does with its upgrade.
      const asked = origin === undefined ? facts : { ...facts, headers: { ...facts.headers, origin } };
      if (!mayConnect(asked, config)) throw new Refusal("origin_refused");
      if (!isReady()) throw new Refusal("unavailable", { message: "The server starts or drains." });
      return { status: 200, body: { status: "ok" } };
    },

    ready: async () => {
      if (!isReady()) throw new Refusal("unavailable", { message: "The server starts or drains." });
      return { status: 200, body: { status: "ok" } };
    },
  };
}

function countsOf(cluster: ClusterHealth | undefined) {
  return cluster && { nodes: cluster.nodes, waitingRecords: cluster.waitingRecords };
}

function isTogether(cluster: ClusterHealth | undefined): boolean {
  return cluster === undefined || cluster.redis === "ok";
}
