import {
  type Clock,
  defaultDeadlines,
  type EndedCall,
  Engine,
  type EngineOptions,
  type Ids,
  type Journal,
  type PushService,
  proofMs,
  type Steady,
  type UserFactsSource,
} from "@echoo/core";

/** The part of the engine that scenarios play against; a mutated one fits as well. */
export type PlayedEngine = Pick<
  Engine,
  | "recover"
  | "drain"
  | "stop"
  | "join"
  | "linkLost"
  | "receive"
  | "renewToken"
  | "tokenRevoked"
  | "userLoggedOut"
  | "numberProven"
  | "running"
  | "rings"
  | "userErased"
  | "personChanged"
  | "presenceOf"
  | "keepSamples"
  | "activeCalls"
  | "onlineUsers"
>;

export interface NodeParts {
  readonly clock: Clock;
  readonly ids: Pick<Ids, "callId" | "sessionId">;
  readonly userFacts: UserFactsSource;
  readonly journal: Journal;
  readonly push?: PushService | undefined;
  readonly makeEngine?: (options: EngineOptions) => PlayedEngine;
  readonly callEnded?: (record: EndedCall) => void;
}

/** One life of the server's process: an engine, its timers, and what waits for the end of the turn. */
export class ScenarioNode {
  readonly engine: PlayedEngine;
  readonly faults: unknown[] = [];
  /** Users that the engine said good-bye to. */
  readonly seen: string[] = [];
  readonly #cancels = new Set<() => void>();
  readonly #lost = new Set<string>();
  readonly #over = new Set<string>();
  /** When sessions were asked for a sign of life. */
  readonly #asked = new Map<string, Steady>();
  #turn: (() => void)[] = [];
  #isAlive = true;

  constructor(parts: NodeParts) {
    const make = parts.makeEngine ?? ((options) => new Engine(options));
    this.engine = make({
      ids: parts.ids,
      userFacts: parts.userFacts,
      journal: parts.journal,
      ...(parts.push ? { push: parts.push } : {}),
      clock: {
        now: () => parts.clock.now(),
        steady: () => parts.clock.steady(),
        after: (delayMs, run) => this.#after(parts.clock, delayMs, run),
      },
      deadlines: defaultDeadlines,
      unanswered: undefined,
      pingMs: 15_000,
      icePolicy: "all",
      everyoneListed: false,
      userIdRule: "phone",
      defer: (run) => void this.#turn.push(run),
      services: {
        hasTurn: false,
        iceServers: () => [],
        turnCredentials: () => ({ username: "", password: "", ttl: 60, uris: [] }),
        mayAskAbout: () => true,
        wasSeen: (user) => void this.seen.push(user),
      },
      observer: {
        sessionJoined: (session) => void this.#lost.delete(session.id),
        sessionLost: ({ id }) => {
          this.#lost.add(id);
          if (this.#over.has(id)) this.faults.push(new Error("a session that is over was lost"));
        },
        sessionOver: ({ id }) => {
          this.#lost.delete(id);
          this.#asked.delete(id);
          if (this.#over.has(id)) this.faults.push(new Error("a session was over twice"));
          this.#over.add(id);
        },
        callChanged: () => {},
        callEnded: (record) => {
          if (this.#isAlive) parts.callEnded?.(record);
        },
        journalFailed: (error) => void this.faults.push(error),
        fault: (error) => void this.faults.push(error),
      },
    });
    this.engine.recover();
    this.endTurn();
  }

  get isAlive(): boolean {
    return this.#isAlive;
  }

  get pendingTimers(): number {
    return this.#cancels.size;
  }

  /** Sessions whose socket is gone and whose time to come back is not over. */
  get lostSessions(): number {
    return this.#lost.size;
  }

  /** Sessions that were asked for a sign of life, and whose time to give one is not over. */
  askedSessions(nowMs: Steady): number {
    return [...this.#asked.values()].filter((askedAtMs) => nowMs - askedAtMs < proofMs).length;
  }

  asked(session: string, nowMs: Steady): void {
    this.#asked.set(session, nowMs);
  }

  /** Runs what the engine left for the end of this turn. */
  endTurn(): void {
    for (let run = this.#turn.shift(); run !== undefined; run = this.#turn.shift()) {
      if (this.#isAlive) run();
    }
  }

  /** Runs something at the end of this turn. */
  later(run: () => void): void {
    this.#turn.push(run);
  }

  /** The process is killed: nothing it still had to do is done. */
  die(): void {
    this.#isAlive = false;
    for (const cancel of this.#cancels) cancel();
    this.#cancels.clear();
    this.#turn = [];
  }

  #after(clock: Clock, delayMs: number, run: () => void): () => void {
    if (!this.#isAlive) return () => {};
    const cancel = clock.after(delayMs, () => {
      this.#cancels.delete(forget);
      run();
      this.endTurn();
    });
    const forget = () => {
      this.#cancels.delete(forget);
      cancel();
    };
    this.#cancels.add(forget);
    return forget;
  }
}
