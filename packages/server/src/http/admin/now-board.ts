import type { Accounts } from "@echoo/accounts";
import {
  type Clock,
  qualityLevel,
  type RunningControl,
  type SignalingControl,
  type Steady,
  type Store,
} from "@echoo/core";
import type { AdminNow } from "@echoo/protocol";
import type { Config } from "../../config/read-config.ts";
import type { RecentCalls } from "../../observability/recent-calls.ts";
import { instantOf } from "../replies/instant.ts";
import { createStoreCheck } from "../requests/store-check.ts";
import type { PushKinds } from "../routes/push-routes.ts";
import type { ServerHealth } from "../routes/service-routes.ts";

export interface NowDeps
  extends Pick<ServerHealth, "version" | "isKeepingRecords" | "isStoreDamaged" | "dataProblems"> {
  readonly config: Pick<Config, "proof" | "turnUrls">;
  readonly store: Pick<Store, "kind" | "ping">;
  readonly accounts: Pick<Accounts, "problems">;
  readonly live: Pick<SignalingControl, "onlineUsers"> & { readonly running: RunningControl };
  readonly push: Pick<PushKinds, "fcm" | "apns">;
  readonly clock: Pick<Clock, "now" | "steady">;
}

interface NodeFacts {
  readonly recent: Pick<RecentCalls, "minutes" | "setUpFigures">;
  readonly isAuditWell: () => boolean;
  readonly node: string;
}

type Health = AdminNow["health"];

/** What is the case now, put together once for all who look on within a second. */
export class NowBoard {
  readonly #deps: NowDeps;
  readonly #facts: NodeFacts;
  readonly #startedAtMs: Steady;
  readonly #storeAnswers: () => Promise<boolean>;
  #last: { readonly second: number; readonly now: Promise<AdminNow> } | undefined;

  constructor(deps: NowDeps, facts: NodeFacts) {
    this.#deps = deps;
    this.#facts = facts;
    this.#startedAtMs = deps.clock.steady();
    this.#storeAnswers = createStoreCheck(deps.store);
  }

  now(): Promise<AdminNow> {
    const second = Math.floor(this.#deps.clock.steady() / 1000);
    if (this.#last?.second !== second) this.#last = { second, now: this.#make() };
    return this.#last.now;
  }

  async #make(): Promise<AdminNow> {
    const { live, clock, version } = this.#deps;
    const { recent, node: name } = this.#facts;
    const { states, mos, warnings } = live.running.figures;
    const quality = { good: 0, moderate: 0, poor: 0 };
    for (const score of mos) quality[qualityLevel(score)] += 1;
    const setUp = recent.setUpFigures();
    const uptimeSec = Math.round((clock.steady() - this.#startedAtMs) / 1000);
    return {
      at: instantOf(clock.now()),
      nodes: [{ name, online: live.onlineUsers, calls: { ...states }, version, uptimeSec }],
      minutes: recent.minutes().map(({ startMs, ended }) => ({ start: instantOf(startMs), ended })),
      ...(setUp === undefined ? {} : { setUp }),
      quality,
      warnings: { ...warnings } as Record<string, number>,
      health: healthOf(this.#deps, this.#facts.isAuditWell(), await this.#storeAnswers()),
      problems: [...this.#deps.accounts.problems(), ...this.#deps.dataProblems()],
    };
  }
}

function healthOf(deps: NowDeps, isAuditWell: boolean, storeAnswers: boolean): Health {
  const { config, store, push } = deps;
  const kinds = ["web", ...(push.fcm ? ["fcm"] : []), ...(push.apns ? ["apns"] : [])];
  const database = deps.isStoreDamaged() ? "degraded" : storeAnswers ? "ok" : "away";
  return [
    { part: "database", state: database, note: database === "degraded" ? "A part of it cannot be read." : store.kind },
    {
      part: "journal",
      ...(deps.isKeepingRecords() ? { state: "ok" } : { state: "degraded", note: "Records wait, or its disk fails." }),
    },
    { part: "audit", ...(isAuditWell ? { state: "ok" } : { state: "degraded", note: "audit.log cannot be written." }) },
    { part: "push", state: "ok", note: kinds.join(", ") },
    {
      part: "turn",
      ...(config.turnUrls.length > 0
        ? { state: "ok", note: `${config.turnUrls.length} addresses` }
        : { state: "off", note: "TURN_URLS is not set: calls between different networks may not connect." }),
    },
    {
      part: "codes",
      ...(config.proof === "webhook"
        ? { state: "ok" }
        : { state: "off", note: `Numbers are proven by ${config.proof}.` }),
    },
  ];
}
