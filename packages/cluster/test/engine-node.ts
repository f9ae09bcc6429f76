import { randomUUID } from "node:crypto";
import { defaultDeadlines, Engine, type Link, type Session } from "@echoo/core";
import type { ClientMessage, ServerMessage, ServerMessageType } from "@echoo/protocol";
import { MemoryJournal, MessageInbox, realClock, ScenarioUserFacts } from "@echoo/testkit";
import { ClusterNode } from "../src/node/cluster-node.ts";
import type { RedisAddress } from "../src/redis/open-redis.ts";
import { connectRedis } from "../src/redis/redis-store.ts";

type EngineMessage = Exclude<ClientMessage, { type: "join" | "authenticate" }>;

/** A real engine as one node of several on a real server, without sockets. */
export class EngineNode {
  readonly engine: Engine;
  readonly journal = new MemoryJournal();
  readonly #cluster: ClusterNode;
  readonly #cancels = new Set<() => void>();
  readonly #ready: Promise<void>;

  constructor(place: string | RedisAddress, formerBoot?: string) {
    const address = typeof place === "string" ? { socket: place } : place;
    const clock = { ...realClock, after: (delayMs: number, run: () => void) => this.#after(delayMs, run) };
    let connected = () => {};
    this.#ready = new Promise((resolve) => {
      connected = resolve;
    });
    this.#cluster = new ClusterNode({
      clock,
      connect: async (ended) => {
        const connection = await connectRedis({ address, prefix: "echoo:" }, ended);
        connected();
        return connection;
      },
      newNodeId: () => randomUUID().slice(0, 13),
      ...(formerBoot === undefined ? {} : { formerBoot }),
      ...{ secret: "s", config: "c" },
      named: () => {},
    });
    this.engine = new Engine({
      clock,
      cluster: this.#cluster,
      ids: { callId: () => randomUUID(), sessionId: () => randomUUID() },
      userFacts: new ScenarioUserFacts(),
      journal: this.journal,
      deadlines: defaultDeadlines,
      unanswered: undefined,
      pingMs: 15_000,
      icePolicy: "all",
      everyoneListed: false,
      userIdRule: "phone",
      defer: (run) => queueMicrotask(run),
      services: {
        hasTurn: false,
        iceServers: () => [],
        turnCredentials: () => ({ username: "", password: "", ttl: 60, uris: [] }),
        mayAskAbout: () => true,
        wasSeen: () => {},
      },
      observer: {
        sessionJoined: () => {},
        sessionLost: () => {},
        sessionOver: () => {},
        callChanged: () => {},
        callEnded: () => {},
        journalFailed: (error) => {
          throw error;
        },
        fault: (error) => {
          throw error;
        },
      },
    });
    this.engine.recover();
  }

  get id(): string {
    return this.#cluster.node;
  }

  ready(): Promise<void> {
    return this.#ready;
  }

  /** As a process that is killed: nothing more is done, and nobody is told. */
  die(): void {
    for (const cancel of this.#cancels) cancel();
    this.#cancels.clear();
    this.#cluster.stop();
    this.engine.stop();
  }

  #after(delayMs: number, run: () => void): () => void {
    const cancel = realClock.after(delayMs, () => {
      this.#cancels.delete(cancel);
      run();
    });
    this.#cancels.add(cancel);
    return () => {
      this.#cancels.delete(cancel);
      cancel();
    };
  }
}

/** A client of one node, by its link alone. */
export class EngineClient implements Link {
  readonly inbox = new MessageInbox();
  readonly user: string;
  readonly silentMs = 0;
  readonly isReading = true;
  session: Session | undefined;
  #node: EngineNode | undefined;

  constructor(user: string) {
    this.user = user;
    this.closed = new Promise((resolve) => {
      this.#closed = resolve;
    });
  }

  /** Joins at a node, as soon as that has spoken to the others. */
  async joins(
    node: EngineNode,
    resume?: string,
    tokenId?: string,
  ): Promise<Extract<ServerMessage, { type: "joined" }>> {
    this.#node = node;
    const request = {
      ...{ deviceId: this.user, protocol: 2 },
      ...(resume === undefined ? {} : { resume: { session: resume, seq: 0 } }),
    };
    for (;;) {
      const session = await node.engine.join(
        this,
        { userId: this.user, ...(tokenId === undefined ? {} : { tokenId }) },
        request,
      );
      if (typeof session !== "string") {
        this.session = session;
        return (await this.next("joined")) as Extract<ServerMessage, { type: "joined" }>;
      }
      // It names a session of another node, and the others cannot be asked yet.
      await this.settles();
    }
  }

  /** Waits as a client does that was told to try again. */
  settles(): Promise<void> {
    return new Promise((resolve) => {
      realClock.after(250, resolve);
    });
  }

  says(message: EngineMessage): void {
    if (!this.session) throw new Error(`${this.user} has not joined`);
    void this.#node?.engine.receive(this.session, message);
  }

  /** The first message of one of these types that fits; rejects where none comes. */
  next(
    types: ServerMessageType | readonly ServerMessageType[],
    fits: (message: ServerMessage) => boolean = () => true,
  ): Promise<ServerMessage> {
    const wanted: readonly string[] = [types].flat();
    const cancel = realClock.after(20_000, () => this.inbox.end(`${this.user} was not told ${wanted}`));
    return this.inbox.take((message) => wanted.includes(message.type) && fits(message)).finally(cancel);
  }

  send(message: ServerMessage): number {
    this.inbox.add(message);
    return JSON.stringify(message).length;
  }

  sendText(_text: string, message: ServerMessage): void {
    this.inbox.add(message);
  }

  close(code: number): void {
    this.#closed(code);
  }

  /** The code that its socket was closed with. */
  readonly closed: Promise<number>;
  #closed: (code: number) => void = () => {};

  ping(): void {}
}
