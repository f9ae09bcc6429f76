import type { ClientSocket } from "@echoo/client";
import { defaultDeadlines, Engine, type Link, type Session, type UserFacts, type UserFactsSource } from "@echoo/core";
import { type ClientMessage, type CloseCode, parseClientMessage } from "@echoo/protocol";
import { FakeClock, MemoryJournal } from "@echoo/testkit";

/** When a server takes a silent socket for dead: after two pings without an answer. */
const deadAfterMs = 30_000;

const somebody: UserFacts = {
  registered: true,
  presence: "everyone",
  doNotDisturb: false,
  blocked: new Map(),
  contacts: new Set(),
};
/** Everybody is reachable and blocks nobody. */
const everybody: UserFactsSource = {
  cached: () => somebody,
  load: async () => somebody,
  refresh: async () => {},
  hold: () => {},
  release: () => {},
};

/** The real signaling engine with a clock that stands still, and sockets that a test breaks. */
export class EngineWorld {
  readonly clock = new FakeClock();
  readonly faults: unknown[] = [];
  /** So many of the next renegotiations, offers and answers, get lost on their way to the server. */
  losesDescriptions = 0;
  readonly #journal = new MemoryJournal();
  readonly #sockets = new Set<EngineSocket>();
  readonly #answered = new Set<string>();
  #engine: Engine;
  #turn: (() => void)[] = [];
  #ids = 0;

  constructor() {
    this.#engine = this.#start();
  }

  get engine(): Engine {
    return this.#engine;
  }

  get activeCalls(): number {
    return this.#engine.activeCalls;
  }

  /** Whether this message of a client is lost. What makes a call is not: a client that placed none is another test. */
  loses(message: ClientMessage): boolean {
    const isDescription = message.type === "offer" || message.type === "answer" || message.type === "offerRefused";
    if (!isDescription || this.losesDescriptions === 0 || !this.#answered.has(message.callId ?? "")) return false;
    this.losesDescriptions -= 1;
    return true;
  }

  connect(): EngineSocket {
    const socket = new EngineSocket(this);
    this.#sockets.add(socket);
    return socket;
  }

  forget(socket: EngineSocket): void {
    this.#sockets.delete(socket);
  }

  /** Runs what the engine left for the end of its turn. */
  endTurn(): void {
    for (let run = this.#turn.shift(); run !== undefined; run = this.#turn.shift()) run();
  }

  /** The process dies; another one reads its journal. */
  restart(): void {
    for (const socket of this.#sockets) socket.processDied();
    this.#sockets.clear();
    this.#engine.stop();
    this.#turn = [];
    this.#engine = this.#start();
  }

  stop(): void {
    this.#engine.stop();
  }

  #start(): Engine {
    const { clock } = this;
    const engine = new Engine({
      clock: {
        now: () => clock.now(),
        steady: () => clock.steady(),
        after: (delayMs, run) =>
          clock.after(delayMs, () => {
            run();
            this.endTurn();
          }),
      },
      ids: { callId: () => this.#id(), sessionId: () => this.#id() },
      userFacts: everybody,
      journal: this.#journal,
      deadlines: defaultDeadlines,
      unanswered: undefined,
      pingMs: 15_000,
      icePolicy: "all",
      userIdRule: "phone",
      everyoneListed: false,
      defer: (run) => void this.#turn.push(run),
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
        callChanged: (call) => {
          if (call.state !== "ended" && "answer" in call) this.#answered.add(call.id);
        },
        callEnded: () => {},
        journalFailed: (error) => void this.faults.push(error),
        fault: (error) => void this.faults.push(error),
      },
    });
    engine.recover();
    this.endTurn();
    return engine;
  }

  #id(): string {
    this.#ids += 1;
    return `id-${this.#ids}`;
  }
}

/** Both ends of one connection. Frames take a microtask each, in order. */
export class EngineSocket implements ClientSocket {
  onopen: ((event: never) => void) | null = null;
  onmessage: ((event: never) => void) | null = null;
  onclose: ((event: never) => void) | null = null;
  onerror: ((event: never) => void) | null = null;
  readonly #world: EngineWorld;
  readonly #engine: Engine;
  readonly #link: Link;
  #heardAtMs: number;
  #session: Session | undefined;
  #handling: Promise<void> = Promise.resolve();
  /** Nothing passes any more, and neither end knows. */
  #isSilent = false;
  #clientSeesIt = true;
  #serverSeesIt = true;

  constructor(world: EngineWorld) {
    this.#world = world;
    this.#engine = world.engine;
    this.#heardAtMs = world.clock.steady();
    const silentMs = () => world.clock.steady() - this.#heardAtMs;
    this.#link = {
      get silentMs() {
        return silentMs();
      },
      isReading: true,
      ping: () => {
        if (!this.#isSilent) this.#heardAtMs = world.clock.steady() + 1;
      },
      send: (message) => this.#toClient(JSON.stringify(message)),
      sendText: (text) => void this.#toClient(text),
      close: (code) => this.#closedByServer(code),
    };
    queueMicrotask(() => {
      if (this.#clientSeesIt && !this.#isSilent) this.onopen?.({} as never);
    });
  }

  send(frame: string): void {
    if (this.#isSilent) return;
    this.#handling = this.#handling.then(() => this.#toServer(frame));
  }

  close(): void {
    if (!this.#clientSeesIt) return;
    this.#clientSeesIt = false;
    if (!this.#isSilent) void this.#handling.then(() => this.#serverLoses());
    queueMicrotask(() => this.onclose?.({ code: 1000 } as never));
  }

  /** The connection breaks, and both ends see it. */
  cut(): void {
    this.#serverLoses();
    this.#clientLoses(1006);
  }

  /** The connection is dead, and nobody is told: the client's pings and the server's will find out. */
  silence(): void {
    if (this.#isSilent) return;
    this.#isSilent = true;
    this.#world.clock.after(deadAfterMs, () => this.#serverLoses());
  }

  processDied(): void {
    this.#serverSeesIt = false;
    this.#clientLoses(1006);
  }

  async #toServer(frame: string): Promise<void> {
    const parsed = parseClientMessage(frame);
    if (!parsed.ok) throw new Error(`the SDK sent what is not valid: ${frame}`);
    const { message } = parsed;
    if (!this.#serverSeesIt || message.type === "authenticate") return;
    if (this.#world.loses(message)) return;
    this.#heardAtMs = this.#world.clock.steady();
    if (message.type === "join") {
      const joined = await this.#engine.join(this.#link, { userId: message.userId ?? "" }, message, this.#session);
      this.#session = typeof joined === "string" ? undefined : joined;
    } else if (this.#session !== undefined) {
      await this.#engine.receive(this.#session, message);
    }
    this.#world.endTurn();
  }

  #toClient(data: string): number {
    queueMicrotask(() => {
      if (this.#clientSeesIt && !this.#isSilent) this.onmessage?.({ data } as never);
    });
    return data.length;
  }

  #closedByServer(code: CloseCode): void {
    queueMicrotask(() => {
      if (!this.#isSilent) this.#clientLoses(code);
      this.#serverLoses();
    });
  }

  #serverLoses(): void {
    this.#world.forget(this);
    if (!this.#serverSeesIt) return;
    this.#serverSeesIt = false;
    const silentMs = this.#isSilent ? this.#link.silentMs : 0;
    if (this.#session !== undefined) this.#engine.linkLost(this.#session, this.#link, silentMs);
    this.#world.endTurn();
  }

  #clientLoses(code: number): void {
    if (!this.#clientSeesIt) return;
    this.#clientSeesIt = false;
    this.onclose?.({ code } as never);
  }
}
