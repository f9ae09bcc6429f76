import {
  type Clock,
  type Cluster,
  ClusterAway,
  type ClusterEvent,
  type ClusterListener,
  type Entry,
  type Instant,
  type NodeId,
  type RemoteScripts,
  type Steady,
  type UserPresence,
} from "@echoo/core";
import { entryId } from "../entry-id.ts";
import { FailureDetector } from "./failure-detector.ts";
import { OwnRecords } from "./own-records.ts";

const beatMs = 1_000;
const againMs = 500;
/** Nothing was answered for so long: the others cannot be reached at the moment. */
const awayMs = 3_000;
/** A connection that does not answer for so long is no more. */
const brokenMs = 10_000;
/** A node that has not read its own probe for so long is deaf, and gives no sign of life. */
const deafMs = 5_000;

/** A connection to the store. It ends once; then whatever waits on it is rejected. */
export interface StoreConnection {
  readonly scripts: RemoteScripts;
  /** Of the store's process: another one may have lost data. */
  readonly runId: string;
  /** Waits for entries of a stream after an id. Rejects when the connection ends. */
  read(node: NodeId, after: string): Promise<readonly Entry[]>;
  trim(node: NodeId, upTo: string): void;
  /** What is announced from then on; what came before is lost. */
  onPresence(run: (presence: readonly UserPresence[]) => void): void;
  close(): void;
}

export interface ClusterNodeOptions {
  readonly clock: Clock;
  readonly connect: (ended: () => void) => Promise<StoreConnection>;
  readonly newNodeId: () => NodeId;
  /** The boot before this one, which is known to be no more. */
  readonly formerBoot?: NodeId;
  /** Hashes of what must be the same on all nodes. */
  readonly secret: string;
  readonly config: string;
  /** The node has an id now: the next boot has to know it. */
  readonly named: (node: NodeId) => void;
  /** A node that gave no sign of life for so long is buried. */
  readonly nodeLostMs?: number;
  readonly observer?: ClusterObserver;
}

/** What an operator may want to know of a node and its connections. Nothing here may throw. */
export interface ClusterObserver {
  /** The store can be asked, for the first time or again. */
  connected(): void;
  /** It cannot; once for each change. */
  disconnected(error: unknown): void;
  /** The nodes that run have another secret, or other rules: this one stays without them. */
  differs(what: "secret" | "config"): void;
  /** This node gave no sign of life, and goes on as another one. */
  buried(former: NodeId, node: NodeId): void;
  /** This node has buried another one. */
  buriedOther(node: NodeId): void;
  /** What happens to calls because there are several nodes. */
  counted(event: ClusterEvent | "eras"): void;
  /** A step was answered after so long, or was not. */
  asked(step: string, tookMs: number, isAnswered: boolean): void;
  /** An entry was read that the store wrote then. */
  read(writtenAtMs: Instant): void;
  /** The time of the store, and when it was asked and answered. */
  measured(storeMs: Instant, askedAtMs: Steady, answeredAtMs: Steady): void;
}

const defaultNodeLostMs = 8_000;
/** A node that leaves waits for so long, at most, until the others know. */
const leaveWithinMs = 1_000;

const steps = [
  ...["hello", "beat", "bury", "join", "leave", "place", "abandon", "finishAtOnce", "claim", "unclaim", "commit"],
  ...["restore", "adopt", "handOver", "find", "callsOf", "tell", "tellAll", "presenceOf", "announce", "waitingRecords"],
  "recordsStored",
] as const;

/** How things stand among the nodes, as it was told last. */
export interface ClusterState {
  readonly redis: "ok" | "settling" | "away";
  readonly nodes: number;
  readonly waitingRecords: number;
}

/** One boot of a node among others: its connection, its signs of life, its stream, and whom it takes for dead. */
export class ClusterNode implements Cluster {
  node: NodeId;
  readonly scripts: RemoteScripts;
  readonly #options: ClusterNodeOptions;
  readonly #detector: FailureDetector;
  readonly #records: OwnRecords;
  #listener: ClusterListener | undefined;
  #connection: StoreConnection | undefined;
  #formerBoot: NodeId | undefined;
  #lastRead = "0-0";
  #lastAnswerMs: Steady = Number.NEGATIVE_INFINITY;
  #lastHeardMs: Steady = Number.NEGATIVE_INFINITY;
  #told = { isSettling: false, nodes: 1, waitingRecords: 0 };
  #era: string | undefined;
  #isBeating = false;
  #isStopped = false;
  #cancel: () => void = () => {};

  constructor(options: ClusterNodeOptions) {
    this.#options = options;
    this.#detector = new FailureDetector(options.nodeLostMs ?? defaultNodeLostMs);
    this.#formerBoot = options.formerBoot;
    this.node = options.newNodeId();
    options.named(this.node);
    const scripts: Record<string, unknown> = {};
    for (const step of steps) scripts[step] = (...args: unknown[]) => this.#ask(step as keyof RemoteScripts, args);
    this.scripts = scripts as unknown as RemoteScripts;
    this.#records = new OwnRecords(this.scripts);
  }

  get isAway(): boolean {
    return this.#connection === undefined || this.#options.clock.steady() - this.#lastAnswerMs > awayMs;
  }

  get state(): ClusterState {
    const { isSettling, ...known } = this.#told;
    return { ...known, redis: this.isAway ? "away" : isSettling ? "settling" : "ok" };
  }

  counted(event: ClusterEvent): void {
    this.#options.observer?.counted(event);
  }

  listen(listener: ClusterListener): void {
    this.#listener = listener;
    this.#connect();
    this.#tick();
  }

  recordWaits(callId: string, recordId: string): void {
    this.#records.add(callId, recordId);
  }

  recordsStored(callIds: readonly string[]): void {
    this.#records.stored(callIds);
  }

  /** The others take over at once what is this node's, instead of waiting until it is missed. */
  async leave(): Promise<void> {
    const { node } = this;
    let cancel = () => {};
    const late = new Promise<void>((resolve) => {
      cancel = this.#options.clock.after(leaveWithinMs, resolve);
    });
    const buried = this.scripts.bury(node, node, "own").then(
      () => {},
      () => {},
    );
    await Promise.race([buried, late]);
    cancel();
    this.stop();
  }

  stop(): void {
    this.#isStopped = true;
    this.#cancel();
    this.#connection?.close();
  }

  #ask(step: keyof RemoteScripts, args: unknown[]): Promise<unknown> {
    const [connection, node] = [this.#connection, this.node];
    if (!connection) return Promise.reject(new ClusterAway());
    const { clock, observer } = this.#options;
    const askedAtMs = clock.steady();
    const asked = (connection.scripts[step] as (...all: unknown[]) => Promise<unknown>)(...args);
    return asked.then(
      (reply) => {
        observer?.asked(step, clock.steady() - askedAtMs, true);
        if (this.node !== node || this.#isStopped) throw new ClusterAway();
        this.#lastAnswerMs = this.#options.clock.steady();
        const code = (reply as { readonly code?: string } | null | undefined)?.code;
        if (code === "buried") {
          this.#buried();
          throw new ClusterAway();
        }
        if (code === "unknown" && this.#connection === connection) this.#greet(connection);
        return reply;
      },
      (error: unknown) => {
        observer?.asked(step, clock.steady() - askedAtMs, false);
        throw new ClusterAway(error);
      },
    );
  }

  #connect(): void {
    if (this.#isStopped || this.#connection) return;
    let connection: StoreConnection | undefined;
    let hasEnded = false;
    const ended = () => {
      hasEnded = true;
      if (connection !== undefined && this.#connection === connection) this.#disconnected();
    };
    this.#options.connect(ended).then(
      (made) => {
        if (hasEnded || this.#isStopped || this.#connection) {
          made.close();
          if (!this.#isStopped && !this.#connection) this.#connectLater();
          return;
        }
        connection = made;
        this.#connection = made;
        this.#lastAnswerMs = this.#options.clock.steady();
        this.#greet(made);
      },
      (error: unknown) => {
        this.#wentAway(error);
        this.#connectLater();
      },
    );
  }

  #wentAway(error?: unknown): void {
    if (this.#isKnownAway || this.#isStopped) return;
    this.#isKnownAway = true;
    this.#options.observer?.disconnected(error);
  }
  #isKnownAway = false;

  #connectLater(): void {
    this.#options.clock.after(againMs, () => this.#connect());
  }

  #disconnected(): void {
    this.#connection = undefined;
    this.#isBeating = false;
    this.#listener?.disconnected();
    this.#wentAway();
    this.#connectLater();
  }

  /** Before anything else: who we are, and to which process of the store we speak. */
  #greet(connection: StoreConnection): void {
    const { secret, config } = this.#options;
    const { node } = this;
    this.#listener?.disconnected();
    const askedAtMs = this.#options.clock.steady();
    this.scripts.hello(node, { runId: connection.runId, lastRead: this.#lastRead, secret, config }).then(
      (reply) => {
        if (this.#connection !== connection) return;
        if (reply.code === "differs") this.#differs(reply.what);
        if (reply.code !== "ok") return;
        this.#toldDiffers = undefined;
        this.#lastHeardMs = this.#options.clock.steady();
        this.#options.observer?.measured(reply.timeMs, askedAtMs, this.#lastHeardMs);
        this.#isKnownAway = false;
        this.#told = { ...this.#told, isSettling: reply.isSettling };
        if (this.#era !== undefined && this.#era !== reply.era) this.#options.observer?.counted("eras");
        this.#era = reply.era;
        this.#options.observer?.connected();
        if (this.#formerBoot !== undefined) {
          const former = this.#formerBoot;
          this.scripts.bury(node, former, "own").then(
            () => {
              this.#formerBoot = undefined;
            },
            () => {},
          );
        }
        connection.onPresence((heard) => {
          if (this.#connection === connection) this.#listener?.presence(heard);
        });
        this.#listener?.connected();
        this.#read(connection, node);
      },
      () => {},
    );
  }

  /** The nodes that run may go, so it is asked again; it is told once. */
  #differs(what: "secret" | "config"): void {
    if (this.#toldDiffers !== what) this.#options.observer?.differs(what);
    this.#toldDiffers = what;
    this.#connection?.close();
  }
  #toldDiffers: string | undefined;

  #reading: StoreConnection | undefined;

  #read(connection: StoreConnection, node: NodeId): void {
    if (this.#reading === connection) return;
    this.#reading = connection;
    const next = () => {
      if (this.#connection !== connection || this.node !== node) return;
      connection.read(node, this.#lastRead).then(
        (entries) => {
          if (this.#connection !== connection || this.node !== node) return;
          for (const entry of entries) this.#heard(entry, node);
          next();
        },
        () => {
          if (this.#reading === connection) this.#reading = undefined;
        },
      );
    };
    next();
  }

  #heard({ id, text }: Entry, node: NodeId): void {
    if (this.node !== node) return;
    this.#lastRead = id;
    this.#lastHeardMs = this.#options.clock.steady();
    this.#options.observer?.read(entryId(id)[0]);
    this.#listener?.received(JSON.parse(text));
  }

  #tick(): void {
    this.#cancel = this.#options.clock.after(beatMs, () => {
      this.#tick();
      const connection = this.#connection;
      if (!connection) return;
      const nowMs = this.#options.clock.steady();
      if (nowMs - this.#lastAnswerMs > brokenMs) {
        connection.close();
        return;
      }
      if (this.#lastRead !== "0-0") connection.trim(this.node, this.#lastRead);
      if (nowMs - this.#lastHeardMs > deafMs) this.#askWhetherBuried();
      else this.#beat();
    });
  }

  /** A deaf node gives no sign of life, and has to learn all the same that it was buried. */
  #askWhetherBuried(): void {
    this.scripts.tell(this.node, { to: "nobody", text: "" }).catch(() => {});
  }

  #beat(): void {
    if (this.#isBeating) return;
    this.#isBeating = true;
    const { node } = this;
    const askedAtMs = this.#options.clock.steady();
    this.scripts.beat(node).then(
      (reply) => {
        this.#isBeating = false;
        if (reply.code !== "ok" || this.node !== node) return;
        this.#options.observer?.measured(reply.timeMs, askedAtMs, this.#options.clock.steady());
        const { isSettling, waitingRecords } = reply;
        this.#told = { isSettling, waitingRecords, nodes: Object.keys(reply.nodes).length };
        for (const [dead, beats] of this.#detector.polled(reply.nodes, node, this.#options.clock.steady())) {
          this.scripts.bury(node, dead, beats).then(
            (isDone) => {
              if (isDone) this.#options.observer?.buriedOther(dead);
            },
            () => {},
          );
        }
        if (reply.orphaned.length > 0) this.#listener?.orphaned(reply.orphaned);
      },
      () => {
        this.#isBeating = false;
      },
    );
  }

  /** For clients this is a restart: sessions and calls are forgotten, and the process goes on as another node. */
  #buried(): void {
    const former = this.node;
    this.node = this.#options.newNodeId();
    this.#options.named(this.node);
    this.#options.observer?.buried(former, this.node);
    this.#lastRead = "0-0";
    this.#reading = undefined;
    this.#isBeating = false;
    this.#detector.reset();
    this.#listener?.buried();
    this.#connection?.close();
  }
}
