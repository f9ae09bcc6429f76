import { setImmediate as turn } from "node:timers/promises";
import type { AuthResult } from "@echoo/accounts";
import { defaultDeadlines, Engine, type Link, type Session, type UserFacts, type UserFactsSource } from "@echoo/core";
import { FakeClock, MemoryJournal } from "@echoo/testkit";
import { createLogger } from "../../src/observability/logging.ts";
import { createMetrics } from "../../src/observability/metrics.ts";
import { Connection } from "../../src/ws/connection.ts";
import { LargeFrames } from "../../src/ws/limits/large-frames.ts";
import { OfferTurns } from "../../src/ws/limits/offer-turns.ts";
import { UserBudgets } from "../../src/ws/limits/user-budgets.ts";
import { SocketLink } from "../../src/ws/socket-link.ts";
import { textsOf } from "./texts-of.ts";

const [logger, metrics] = [createLogger("silent"), createMetrics()];
const somebody: UserFacts = {
  registered: true,
  presence: "everyone",
  doNotDisturb: false,
  blocked: new Map(),
  contacts: new Set(),
};
/** Timers that the engine keeps for itself while it runs. */
const housekeepingTimers = 2;
/** Past every time limit, the hourly use of a token included. */
const allOverMs = 3 * 3_600_000;

/** Tokens by their secrets: two of ann's, one of bob's. */
const tokens = { a1: "5550001", a2: "5550001", b1: "5550002" } as const;
export type Secret = keyof typeof tokens;

/** The real sockets' logic and the real engine, without a network: what either believes of the other can differ here. */
export class SocketWorld {
  readonly clock = new FakeClock();
  readonly sockets: WorldSocket[] = [];
  /** Session ids that clients were told, newest last. */
  readonly told: string[] = [];
  readonly engine: Engine;
  /** What the engine has, by what it tells of. */
  readonly #sessions = new Set<Session>();
  readonly #ended = new Set<string>();
  readonly #held: { userFacts: (() => void)[]; authenticator: (() => void)[] } = { userFacts: [], authenticator: [] };
  readonly #isHeld = { userFacts: false, authenticator: false };
  #ids = 0;
  #faults = 0;

  /** Whether messages are counted. */
  rateLimits = false;
  readonly #userBudgets = new UserBudgets();
  readonly #offerTurns = new OfferTurns((run) => void setImmediate(run));

  constructor(userFacts?: (clock: FakeClock) => UserFactsSource) {
    this.engine = new Engine({
      clock: this.clock,
      ids: { callId: () => `call-${++this.#ids}`, sessionId: () => `session-${++this.#ids}` },
      userFacts: userFacts?.(this.clock) ?? this.#everybody(),
      journal: new MemoryJournal(),
      deadlines: defaultDeadlines,
      unanswered: undefined,
      pingMs: 15_000,
      icePolicy: "all",
      userIdRule: "phone",
      everyoneListed: true,
      defer: (run) => void setImmediate(run),
      services: {
        hasTurn: false,
        iceServers: () => this.#breakIfDue(),
        turnCredentials: () => ({ username: "", password: "", ttl: 60, uris: [] }),
        mayAskAbout: () => true,
        wasSeen: () => {},
      },
      observer: {
        sessionJoined: (session) => void this.#sessions.add(session as Session),
        sessionLost: () => {},
        sessionOver: (session) => void this.#sessions.delete(session as Session),
        callChanged: () => {},
        callEnded: () => {},
        journalFailed: () => {},
        fault: () => {},
      },
    });
    this.engine.recover();
  }

  open(): WorldSocket {
    const socket = new WorldSocket(this);
    this.sockets.push(socket);
    return socket;
  }

  connectionOf(link: SocketLink): Connection {
    const { engine, clock } = this;
    return new Connection(
      {
        engine,
        clock,
        authenticator: { admit: (claim) => this.#admit(claim) },
        credentials: { hasEnded: (token) => this.#ended.has(token.id) },
        tokens: { keepAlive: async () => clock.now() + allOverMs },
        logger,
        metrics,
        largeFrames: new LargeFrames(clock),
        userBudgets: this.#userBudgets,
        offerTurns: this.#offerTurns,
        userIdRule: "phone",
        joinMs: 10_000,
        pingMs: 15_000,
        rateLimits: this.rateLimits,
      },
      link,
      { address: "127.0.0.1", httpVersion: "1.1", headers: {} },
      { setReading: () => {}, setJoined: () => {} },
    );
  }

  hold(what: "userFacts" | "authenticator"): void {
    this.#isHeld[what] = true;
  }

  release(what: "userFacts" | "authenticator"): void {
    this.#isHeld[what] = false;
    for (const run of this.#held[what].splice(0)) run();
  }

  revoke(secret: Secret): void {
    this.#ended.add(secret);
    this.engine.tokenRevoked(secret);
  }

  /** The next join breaks half-way, by a fault of ours. */
  breakNextJoin(): void {
    this.#faults = 1;
  }

  async settle(): Promise<void> {
    for (let i = 0; i < 4; i += 1) await turn();
  }

  /** Of each session: it is on a socket that is open, and the only one there; or nobody's, and its time runs. */
  check(): string[] {
    const links = new Map<Link, Session>();
    const faults: string[] = [];
    for (const session of this.#sessions) {
      if (session.isOver) faults.push(`${session.id} is over and still there`);
      const { link } = session;
      if (!link) {
        if (session.lostAtMs === undefined) faults.push(`${session.id} is neither here nor away`);
        continue;
      }
      if (!this.sockets.some((socket) => socket.link === link && socket.isOpen)) {
        faults.push(`${session.id} is on a socket that is gone`);
      }
      const other = links.get(link);
      if (other) faults.push(`${session.id} and ${other.id} are on one socket`);
      links.set(link, session);
    }
    return faults;
  }

  /** What is left once every socket is closed and the clock has run out. */
  async finish(): Promise<object> {
    this.release("authenticator");
    this.release("userFacts");
    await this.settle();
    for (const socket of this.sockets) socket.close();
    await this.settle();
    this.clock.advance(allOverMs);
    await this.settle();
    const { onlineUsers, activeCalls } = this.engine;
    const left = {
      onlineUsers,
      activeCalls,
      sessions: [...this.#sessions].map(({ id }) => id),
      timers: this.clock.pendingTimers - housekeepingTimers,
    };
    this.engine.stop();
    return left;
  }

  #everybody(): UserFactsSource {
    return {
      cached: () => somebody,
      load: async () => {
        await this.#wait("userFacts");
        return somebody;
      },
      refresh: async () => {},
      hold: () => {},
      release: () => {},
    };
  }

  #breakIfDue(): [] {
    if (this.#faults === 0) return [];
    this.#faults -= 1;
    throw new Error("a fault of ours");
  }

  async #wait(what: "userFacts" | "authenticator"): Promise<void> {
    if (this.#isHeld[what]) await new Promise<void>((resolve) => void this.#held[what].push(resolve));
  }

  async #admit(claim: { userId?: string | undefined; token?: string | undefined }): Promise<AuthResult> {
    await this.#wait("authenticator");
    const { token } = claim;
    if (token === undefined) return { ok: true, userId: claim.userId ?? "", viaOpenAccess: true };
    const userId = tokens[token as Secret];
    if (userId === undefined || this.#ended.has(token)) return { ok: false, code: "unauthorized", message: "no" };
    const expiresAtMs = this.clock.now() + 30_000;
    return { ok: true, userId, viaOpenAccess: false, token: { id: token, userId, expiresAtMs, kind: "own" } };
  }
}

/** One client's socket, as the network shows it to the server. */
export class WorldSocket {
  readonly link: SocketLink;
  readonly heard: { type: string; session?: string; callId?: string; id?: string; code?: string; n?: number }[] = [];
  isOpen = true;
  readonly #world: SocketWorld;
  readonly #connection: Connection;

  constructor(world: SocketWorld) {
    this.#world = world;
    const close = () => void setImmediate(() => this.close());
    const socket = {
      OPEN: 1,
      readyState: 1,
      close,
      terminate: close,
      once: () => {},
      resume: () => {},
      pause: () => {},
      ping: () => {},
    };
    const stream = {
      writableLength: 0,
      write: (frames: Buffer) => {
        for (const text of textsOf(frames)) this.#hear(JSON.parse(text));
      },
      end: close,
    };
    this.link = new SocketLink(socket as never, stream as never, world.clock, metrics);
    this.#connection = world.connectionOf(this.link);
  }

  says(message: object): void {
    if (this.isOpen) this.#connection.frame(Buffer.from(JSON.stringify(message)));
  }

  /** The end of the connection, which comes once. */
  close(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.#connection.gone(0);
  }

  /** The server takes it for dead; its end follows. */
  seemsDead(): void {
    if (!this.isOpen) return;
    this.#connection.gone(this.link.silentMs);
    this.link.cut();
  }

  #hear(message: { type: string; session?: string }): void {
    this.heard.push(message);
    if (message.type === "joined" && message.session !== undefined) this.#world.told.push(message.session);
  }
}
