import type { Joined, Message, Resume, Wire } from "../servers/wire.ts";
import { LoadSocket, type Place } from "./load-socket.ts";

/** As the SDK confirms: well before the server's queue is full. */
const confirmEvery = 64;
const deadlineMs = 60_000;

interface Wanted {
  left: number;
  readonly resolve: (last: Message) => void;
  readonly reject: (error: Error) => void;
}

export interface Server extends Place {
  readonly wire: Wire;
}

/** A user on a device: speaks to any of the servers through its wire, and waits for what others say. */
export class User {
  readonly id: string;
  readonly #server: Server;
  #socket: LoadSocket | undefined;
  #n = 0;
  #session = "";
  #lastSeq = 0;
  #unconfirmed = 0;
  #onJoined: (joined: Joined) => void = () => {};
  readonly #arrived = new Map<string, { count: number; last: Message }>();
  readonly #wanted = new Map<string, Wanted>();
  /** Sees every message as it comes. */
  onMessage: (message: Message) => void = () => {};
  onLost: () => void = () => {};

  constructor(id: string, server: Server) {
    this.id = id;
    this.#server = server;
  }

  get receivedBytes(): number {
    return this.#socket?.receivedBytes ?? 0;
  }

  /** Connects and joins; takes the earlier session over where there was one. */
  async join(): Promise<Joined> {
    const { wire } = this.#server;
    const socket = await LoadSocket.open(this.#server, wire.path(this.id));
    this.#socket = socket;
    socket.onText = (text) => this.#read(text);
    const joined = new Promise<Joined>((resolve, reject) => {
      this.#onJoined = resolve;
      socket.onClose = () => reject(new Error(`${this.id}: the server closed the socket before the join`));
    });
    const resume: Resume | undefined =
      this.#session === "" ? undefined : { session: this.#session, seq: this.#lastSeq };
    const greeting = wire.greeting(this.id, resume);
    if (greeting !== undefined) socket.send(greeting);
    const result = await joined;
    socket.onClose = () => this.#lost();
    return result;
  }

  /** Sends messages to another user, in one write. */
  say(to: string, ...messages: readonly Message[]): void {
    this.#socket?.send(...messages.map((message) => this.#server.wire.write(this.id, to, message, ++this.#n)));
  }

  /** Sends a frame as it is: for what only one kind of server knows. */
  sayText(text: string): void {
    this.#socket?.send(text);
  }

  /** Waits until so many messages of the type came, counted from the last time that it was asked for; gives the last. */
  take(type: string, count = 1): Promise<Message> {
    const here = this.#arrived.get(type);
    if (here !== undefined && here.count >= count) {
      here.count -= count;
      return Promise.resolve(here.last);
    }
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`${this.id} got no ${type} in ${deadlineMs} ms`)), deadlineMs);
      this.#wanted.set(type, {
        left: count - (here?.count ?? 0),
        resolve(last) {
          clearTimeout(late);
          resolve(last);
        },
        reject(error) {
          clearTimeout(late);
          reject(error);
        },
      });
      if (here !== undefined) here.count = 0;
    });
  }

  /** Forgets what came and was not asked for. */
  forget(): void {
    this.#arrived.clear();
  }

  /** The network goes away. */
  cut(): void {
    const socket = this.#socket;
    if (socket === undefined) return;
    socket.onClose = () => {};
    socket.cut();
  }

  #lost(): void {
    const error = new Error(`${this.id}: the server closed the socket`);
    for (const { reject } of this.#wanted.values()) reject(error);
    this.#wanted.clear();
    this.onLost();
  }

  #read(text: string): void {
    const { wire } = this.#server;
    const joined = wire.joined(text);
    if (joined !== undefined) {
      if (joined.session !== undefined && joined.resumed !== true) this.#lastSeq = 0;
      this.#session = joined.session ?? "";
      this.#onJoined(joined);
      return;
    }
    const reply = wire.reply?.(text);
    if (reply !== undefined) this.#socket?.send(reply);
    const message = wire.read(text);
    if (message === undefined) return;
    if (message.seq !== undefined) this.#confirm(message.seq);
    this.#hand(message);
    this.onMessage(message);
  }

  #confirm(seq: number): void {
    this.#lastSeq = seq;
    const { confirm } = this.#server.wire;
    if (confirm === undefined || ++this.#unconfirmed < confirmEvery) return;
    this.#unconfirmed = 0;
    this.#socket?.send(confirm(seq));
  }

  #hand(message: Message): void {
    const { type } = message;
    const wanted = this.#wanted.get(type);
    if (wanted !== undefined) {
      if (--wanted.left > 0) return;
      this.#wanted.delete(type);
      wanted.resolve(message);
      return;
    }
    if (type === "error" || type === "reject" || type === "busy") this.#refused(message);
    const here = this.#arrived.get(type);
    if (here === undefined) this.#arrived.set(type, { count: 1, last: message });
    else {
      here.count += 1;
      here.last = message;
    }
  }

  /** What the scenario waits for does not come after a refusal. */
  #refused(message: Message): void {
    const error = new Error(`${this.id} was refused: ${JSON.stringify(message).slice(0, 300)}`);
    for (const { reject } of this.#wanted.values()) reject(error);
    this.#wanted.clear();
  }
}
