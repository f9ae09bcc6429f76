import type { JoinGrant, Link, Session, Steady } from "@echoo/core";
import type { ClientMessage, ServerMessage, ServerMessageByType } from "@echoo/protocol";
import type { Scenario } from "./scenario.ts";
import type { ScenarioNode } from "./scenario-node.ts";

type Distributed<T> = T extends unknown ? Omit<T, "n"> : never;
/** What a device may say once it has joined. */
export type DeviceMessage =
  | Distributed<Exclude<ClientMessage, { type: "join" | "authenticate" | "leave" }>>
  | { readonly type: "leave"; readonly id?: string };

interface DeviceOptions {
  readonly user: string;
  readonly label: string;
  readonly deviceId: string | undefined;
  readonly isLegacy: boolean;
  readonly token?: string;
  /** A token that vouches for it, and that it cannot send. */
  readonly voucher?: string;
  /** The session that it has from an earlier process. */
  readonly session?: string;
}

interface Socket extends Link {
  readonly node: ScenarioNode;
  session: Session | undefined;
  heardAtMs: Steady;
  /** As the server sees it. */
  isOpen: boolean;
  /** What is written to it is lost. */
  isDeaf: boolean;
}

/**
 * A device as the protocol wants it: it numbers what it sends, keeps what the server may not have, and names its
 * session when it comes back. A legacy one does none of that.
 */
export class ScenarioDevice {
  readonly user: string;
  readonly label: string;
  readonly deviceId: string | undefined;
  readonly isLegacy: boolean;
  token: string | undefined;
  readonly voucher: string | undefined;
  /** The end of that token, where it has one. */
  expiry: JoinGrant["expiry"];
  session: Session | undefined;
  /** Every message that arrived, repetitions after a resume left out. */
  readonly received: ServerMessage[] = [];
  /** The call it heard of last, as a person would mean it. */
  call = "";
  #socket: Socket | undefined;
  /** Sockets that it left behind, and whose end the server has not seen. */
  #older: Socket[] = [];
  #sessionId: string | undefined;
  #handledSeq = 0;
  #lastN = 0;
  #unsent: ClientMessage[] = [];
  #last: ClientMessage | undefined;
  #lastSession: Session | undefined;
  readonly #scenario: Scenario;

  constructor(scenario: Scenario, options: DeviceOptions) {
    this.#scenario = scenario;
    this.user = options.user;
    this.label = options.label;
    this.deviceId = options.deviceId;
    this.isLegacy = options.isLegacy;
    this.token = options.token;
    this.voucher = options.voucher;
    this.#sessionId = options.session;
  }

  get isOnline(): boolean {
    return this.#socket !== undefined && !this.#socket.isDeaf;
  }

  get hasSocket(): boolean {
    return this.#socket !== undefined;
  }

  /** Whether it would name a session when it joins. */
  get remembersSession(): boolean {
    return this.#sessionId !== undefined;
  }

  /** Opens a socket and joins: with `resume` naming its last session, otherwise like an app that has just started. */
  async connect({ resume, anew = false }: { resume: boolean; anew?: boolean }): Promise<void> {
    const node = this.#scenario.node;
    const named = resume && !this.isLegacy ? this.#sessionId : undefined;
    if (!resume) this.#forget();
    this.#leaveSocket(resume);
    const socket = this.#open(node);
    this.#socket = socket;
    await this.#join(socket, named, anew);
  }

  /** Joins once more on the socket that it has, naming its session or not. */
  async joinAgain({ resume }: { resume: boolean }): Promise<void> {
    const socket = this.#socket;
    if (!socket) return;
    const named = resume && !this.isLegacy ? this.#sessionId : undefined;
    if (!resume) this.#forget();
    await this.#join(socket, named);
  }

  /** Another token of the same user, in place. */
  renew(): void {
    if (this.session) this.#scenario.node.engine.renewToken(this.session, this.#admission());
  }

  /** Numbers a message and sends it; without a socket it waits for the next one, as a client's queue does. */
  async send(message: DeviceMessage): Promise<void> {
    const numbered = (this.isLegacy ? message : { ...message, n: ++this.#lastN }) as ClientMessage;
    this.#last = numbered;
    this.#lastSession = this.isOnline ? this.session : undefined;
    await this.#deliver(numbered);
  }

  /** Sends the last message once more, number and all; false where it was not to this session. */
  async repeatLast(): Promise<boolean> {
    if (!this.#last || this.#lastSession !== this.session) return false;
    await this.#deliver(this.#last);
    return true;
  }

  /** Sends a message with a number that it has used before. */
  async reuseNumber(message: DeviceMessage): Promise<void> {
    const { session } = this;
    if (!this.isOnline || session === undefined) return;
    await this.#deliver({ ...message, n: session.handledN } as ClientMessage);
    if (message.type !== "leave") return;
    this.#forget();
    this.loseSocket();
    this.session = undefined;
  }

  /** The socket dies without a word: what is written to it from now on is lost. */
  goDeaf(): void {
    if (this.#socket) this.#socket.isDeaf = true;
  }

  /** The server sees the end of its socket; `left`: with the goodbye of a browser. */
  loseSocket(left = false): void {
    const socket = this.#socket;
    this.#socket = undefined;
    if (socket) this.#reportEnd(socket, left);
  }

  /** The server sees the end of the sockets that the device left behind. */
  loseOlderSockets(): void {
    for (const socket of this.#older.splice(0)) this.#reportEnd(socket);
  }

  /** The process on the other side is gone. */
  cutOff(): void {
    this.#socket = undefined;
    this.#older = [];
  }

  async leave(): Promise<void> {
    await this.send({ type: "leave" });
    this.#forget();
    this.loseSocket();
    this.session = undefined;
  }

  async #join(socket: Socket, named: string | undefined, anew = false): Promise<void> {
    const { node } = socket;
    const joined = await node.engine.join(
      socket,
      { userId: this.user, ...this.#admission() },
      {
        ...(this.deviceId === undefined ? {} : { deviceId: this.deviceId }),
        ...(this.isLegacy ? {} : { protocol: 2 }),
        ...(named === undefined ? {} : { resume: { session: named, ...(anew ? {} : { seq: this.#handledSeq }) } }),
      },
      socket.session,
    );
    const session = typeof joined === "string" ? undefined : joined;
    socket.session = session;
    this.session = session;
    node.endTurn();
    const unsent = this.#unsent;
    this.#unsent = [];
    for (const message of unsent) await this.#deliver(message);
  }

  #admission(): Omit<JoinGrant, "userId"> {
    return {
      ...(this.token === undefined ? {} : { tokenId: this.token }),
      ...(this.voucher === undefined ? {} : { voucherId: this.voucher }),
      ...(this.expiry === undefined ? {} : { expiry: this.expiry }),
    };
  }

  #leaveSocket(resume: boolean): void {
    const socket = this.#socket;
    if (!socket) return;
    // A takeover hears its old socket until the server closes it; an app that started afresh does not.
    if (!resume) socket.isDeaf = true;
    this.#older.push(socket);
  }

  #reportEnd(socket: Socket, left = false): void {
    socket.isOpen = false;
    if (!socket.session || !socket.node.isAlive) return;
    // An end that was seen is itself the last sign of life; a dead socket's was its last frame.
    const silentMs = socket.isDeaf ? socket.silentMs : 0;
    socket.node.engine.linkLost(socket.session, socket, silentMs, left);
    socket.node.endTurn();
  }

  #forget(): void {
    this.#sessionId = undefined;
    this.#unsent = [];
    this.#handledSeq = 0;
    this.call = "";
  }

  async #deliver(message: ClientMessage): Promise<void> {
    const socket = this.#socket;
    if (!socket || socket.isDeaf || !socket.session || !socket.node.isAlive) {
      if (!this.isLegacy) this.#unsent.push(message);
      return;
    }
    if (message.type === "join" || message.type === "authenticate") return;
    socket.heardAtMs = this.#scenario.clock.steady();
    await socket.node.engine.receive(socket.session, message);
    socket.node.endTurn();
    // What the process died over was not confirmed.
    if (!socket.node.isAlive && !this.isLegacy) this.#unsent.push(message);
  }

  #open(node: ScenarioNode): Socket {
    const { clock } = this.#scenario;
    const socket: Socket = {
      node,
      session: undefined,
      isOpen: true,
      isDeaf: false,
      isReading: true,
      heardAtMs: clock.steady(),
      get silentMs() {
        return Math.max(0, clock.steady() - socket.heardAtMs);
      },
      // Its answer takes a moment.
      ping: () => {
        if (socket.session) node.asked(socket.session.id, clock.steady());
        if (socket.isOpen && !socket.isDeaf) socket.heardAtMs = clock.steady() + 1;
      },
      send: (message) => {
        if (node.isAlive && socket.isOpen && !socket.isDeaf) this.#receive(message);
        return JSON.stringify(message).length;
      },
      sendText: (text) => void socket.send(JSON.parse(text) as ServerMessage),
      close: (code) => {
        if (!socket.isOpen) return;
        if (!socket.isDeaf) this.#scenario.heard(this, `closed ${code}`);
        socket.isOpen = false;
        if (socket === this.#socket) this.#socket = undefined;
        this.#older = this.#older.filter((other) => other !== socket);
        // The adapter reports the end of every socket, also of those that the engine closed.
        node.later(() => this.#reportEnd(socket));
      },
    };
    return socket;
  }

  #receive(message: ServerMessage): void {
    if (message.type === "joined") {
      this.#sessionId = message.session;
      if (!message.resumed) this.#handledSeq = 0;
    }
    if (message.seq !== undefined) {
      if (message.seq <= this.#handledSeq) return;
      if (message.seq !== this.#handledSeq + 1) this.#scenario.fail(`${this.label} misses what came before`, message);
      this.#handledSeq = message.seq;
    }
    this.received.push(message);
    if (this.#learns(message)) this.call = message.callId;
    this.#scenario.heard(this, message);
  }

  /** Whether this is how the device comes to know a call. The shipped app reads no `calling`. */
  #learns(message: ServerMessage): message is ServerMessageByType<"calling" | "offer" | "answer"> {
    if (this.isLegacy) return message.type === "offer" || message.type === "answer";
    return message.type === "calling" || (message.type === "offer" && message.expiresInMs !== undefined);
  }
}
