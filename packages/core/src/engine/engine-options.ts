import type { UserIdRule } from "@echoo/protocol";
import type { UnansweredBounds } from "../arbiter/unanswered-calls.ts";
import type { Deadlines } from "../call/deadlines.ts";
import type { Clock } from "../ports/clock.ts";
import type { Cluster } from "../ports/cluster/cluster.ts";
import type { Ids } from "../ports/ids.ts";
import type { Journal } from "../ports/journal.ts";
import type { Observer } from "../ports/observer.ts";
import type { PushService } from "../ports/push-service.ts";
import type { Services } from "../ports/services.ts";
import type { UserFactsSource } from "../ports/user-facts.ts";

/** Which calls must send their media through a relay: none, those by strangers to the callee, or all. */
export type IcePolicy = "all" | "relay-strangers" | "relay";

export interface EngineOptions {
  readonly clock: Clock;
  readonly ids: Pick<Ids, "callId" | "sessionId">;
  readonly userFacts: UserFactsSource;
  readonly journal: Journal;
  readonly observer: Observer;
  readonly services: Services;
  /** Absent where no device is pushed to. */
  readonly push?: PushService;
  readonly deadlines: Deadlines;
  readonly pingMs: number;
  /** How often a caller may ring without an answer; undefined where the operator sets no bounds. */
  readonly unanswered: UnansweredBounds | undefined;
  readonly icePolicy: IcePolicy;
  readonly userIdRule: UserIdRule;
  /** Whether every user may see who is online, as open access has it. */
  readonly everyoneListed: boolean;
  /** The other nodes; absent on a single node. */
  readonly cluster?: Cluster;
  /** Runs something once, at the end of this turn of the event loop. */
  readonly defer: (run: () => void) => void;
}
