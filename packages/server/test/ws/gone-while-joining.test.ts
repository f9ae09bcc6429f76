import assert from "node:assert/strict";
import { test } from "node:test";
import type { AuthResult, GoodToken } from "@echoo/accounts";
import { defaultDeadlines, Engine, type Link, type UserFacts } from "@echoo/core";
import type { ServerMessage } from "@echoo/protocol";
import { FakeClock, MemoryJournal, seededIds } from "@echoo/testkit";
import { createLogger } from "../../src/observability/logging.ts";
import { createMetrics } from "../../src/observability/metrics.ts";
import { Connection } from "../../src/ws/connection.ts";
import { LargeFrames } from "../../src/ws/limits/large-frames.ts";
import { OfferTurns } from "../../src/ws/limits/offer-turns.ts";
import { UserBudgets } from "../../src/ws/limits/user-budgets.ts";
import type { SocketLink } from "../../src/ws/socket-link.ts";

const ann = "5550001";
const stranger: UserFacts = {
  registered: false,
  presence: "everyone",
  doNotDisturb: false,
  blocked: new Map(),
  contacts: new Set(),
};

/** A question to the database that is answered when the test says so. */
class Question<T> {
  #answer: (value: T) => void = () => {};
  isAsked = false;

  ask(): Promise<T> {
    this.isAsked = true;
    return new Promise((resolve) => (this.#answer = resolve));
  }

  /** Answers, and lets everything that waited for it go on, to the end of the turn and what was left for it. */
  async answer(value: T): Promise<void> {
    this.#answer(value);
    for (const _ of ["turn", "its end"]) await new Promise(setImmediate);
  }
}

class FakeLink implements Link {
  readonly sent: ServerMessage[] = [];
  isLegacy = false;
  isClosing = false;
  silentMs = 0;
  isReading = true;
  ping(): void {}

  get types(): readonly string[] {
    return this.sent.map(({ type }) => type);
  }

  send(message: ServerMessage): number {
    this.sent.push(message);
    return 0;
  }

  sendText(text: string): void {
    this.sent.push(JSON.parse(text) as ServerMessage);
  }

  close(): void {
    this.isClosing = true;
  }
}

function engineOf(clock: FakeClock, load: () => Promise<UserFacts>, lost: string[]): Engine {
  const nothing = () => {};
  return new Engine({
    clock,
    ids: seededIds(1),
    userFacts: { cached: () => undefined, load, refresh: async () => {}, hold: nothing, release: nothing },
    journal: new MemoryJournal(),
    deadlines: defaultDeadlines,
    unanswered: undefined,
    ...{ pingMs: 15_000, icePolicy: "all", everyoneListed: false, userIdRule: "phone" },
    defer: setImmediate,
    services: {
      hasTurn: false,
      iceServers: () => [],
      turnCredentials: () => ({ username: "", password: "", ttl: 60, uris: [] }),
      mayAskAbout: () => true,
      wasSeen: nothing,
    },
    observer: {
      ...{ sessionJoined: nothing, sessionOver: nothing, callChanged: nothing, callEnded: nothing },
      ...{ journalFailed: nothing, fault: assert.fail },
      sessionLost: ({ id }) => void lost.push(id),
    },
  });
}

/** A socket before a real engine, with what the authenticator and the database answer in the test's hand. */
function setUp() {
  const clock = new FakeClock();
  const [authenticator, facts] = [new Question<AuthResult>(), new Question<UserFacts>()];
  const lost: string[] = [];
  const joinedStates: boolean[] = [];
  const engine = engineOf(clock, () => facts.ask(), lost);
  const link = new FakeLink();
  const connection = new Connection(
    {
      ...{ engine, clock, authenticator: { admit: () => authenticator.ask() }, credentials: { hasEnded: () => false } },
      ...{ logger: createLogger("silent"), metrics: createMetrics(), tokens: { keepAlive: async () => 0 } },
      ...{
        largeFrames: new LargeFrames(clock),
        userBudgets: new UserBudgets(),
        offerTurns: new OfferTurns((run) => void setImmediate(run)),
        userIdRule: "phone",
        joinMs: 10_000,
        pingMs: 15_000,
        rateLimits: true,
      },
    },
    link as unknown as SocketLink,
    { address: "203.0.113.5", httpVersion: "1.1", headers: {} },
    { setReading: () => {}, setJoined: (isJoined) => void joinedStates.push(isJoined) },
  );
  const token: GoodToken = { id: "t1", userId: ann, expiresAtMs: clock.now() + 3_600_000, kind: "host" };
  const admitted: AuthResult = { ok: true, userId: ann, token, viaOpenAccess: false };
  const join = (more: object = {}) =>
    connection.frame(Buffer.from(JSON.stringify({ type: "join", userId: ann, token: "secret", protocol: 2, ...more })));
  return { clock, engine, lost, joinedStates, link, connection, authenticator, facts, admitted, join };
}

async function joined() {
  const setup = setUp();
  setup.join();
  await setup.authenticator.answer(setup.admitted);
  await setup.facts.answer(stranger);
  const [welcome] = setup.link.sent;
  assert.equal(welcome?.type, "joined");
  return { ...setup, session: welcome.type === "joined" ? welcome.session : "" };
}

test("a socket that goes while its token is looked up joins nothing and leaves no timer", async () => {
  const { clock, engine, connection, authenticator, facts, admitted, join } = setUp();
  join();
  connection.gone(0);
  await authenticator.answer(admitted);
  assert.equal(facts.isAsked, false);
  assert.deepEqual([engine.onlineUsers, clock.pendingTimers], [0, 0]);
});

test("a socket that goes while its user's settings are read leaves no session, no timer and no use of its token", async () => {
  const { clock, engine, lost, connection, authenticator, facts, admitted, join } = setUp();
  join();
  await authenticator.answer(admitted);
  connection.gone(0);
  await facts.answer(stranger);
  assert.deepEqual([engine.onlineUsers, lost, clock.pendingTimers], [0, [], 0]);
});

test("a socket that is closed for joining too late does not join after that", async () => {
  const { clock, engine, link, connection, authenticator, facts, admitted, join } = setUp();
  join();
  await authenticator.answer(admitted);
  clock.advance(10_000);
  assert.equal(link.isClosing, true);
  await facts.answer(stranger);
  connection.gone(0);
  assert.deepEqual([engine.onlineUsers, link.types, clock.pendingTimers], [0, ["error"], 0]);
});

test("a socket that goes while it resumes its own session loses it: the session is not present for ever", async () => {
  const { clock, engine, lost, connection, authenticator, facts, admitted, join, session } = await joined();
  join({ resume: { session, seq: 0 } });
  await authenticator.answer(admitted);
  connection.gone(0);
  await facts.answer(stranger);
  assert.deepEqual(lost, [session]);
  clock.advance(defaultDeadlines.resumeMs);
  assert.deepEqual([engine.onlineUsers, clock.pendingTimers], [0, 0]);
});

test("a socket that goes in its second join leaves neither the first session nor a second one", async () => {
  const { clock, engine, connection, authenticator, facts, admitted, join } = await joined();
  join();
  await authenticator.answer(admitted);
  assert.equal(engine.onlineUsers, 0);
  connection.gone(0);
  await facts.answer(stranger);
  assert.deepEqual([engine.onlineUsers, clock.pendingTimers], [0, 0]);
});

test("who leaves by a second join that comes to nothing has to join in time once more", async () => {
  const { clock, link, authenticator, facts, admitted, join } = await joined();
  join();
  await authenticator.answer(admitted);
  clock.advance(10_000);
  assert.equal(link.isClosing, true);
  await facts.answer(stranger);
});

test("a socket that is gone does not count as one that has not joined, though its session ends while something is asked", async () => {
  const { clock, joinedStates, connection, authenticator, admitted, join } = await joined();
  join();
  connection.gone(0);
  clock.advance(defaultDeadlines.resumeMs);
  await authenticator.answer(admitted);
  assert.deepEqual(joinedStates, [true]);
});
