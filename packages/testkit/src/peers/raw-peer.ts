import {
  parseServerMessage,
  type ServerMessage,
  type ServerMessageByType,
  type ServerMessageType,
} from "@echoo/protocol";
import WebSocket from "ws";
import { defaultDeadlineMs, withDeadline } from "../platform.ts";
import { MessageInbox } from "./message-inbox.ts";
import { Transcript } from "./transcript.ts";

export interface PeerOptions {
  /** How transcripts name the peer. */
  readonly name?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** For wss: the certificate, in PEM, that the server's must be or be signed by. */
  readonly ca?: string;
  /** Shared by several peers, it shows their messages in one order. */
  readonly transcript?: Transcript;
  readonly deadlineMs?: number;
  /** Without it the peer leaves the server's pings unanswered, as a dead network does. */
  readonly autoPong?: boolean;
  /** The test context: the socket is cut when the test ends. */
  readonly test?: { after(run: () => void): void };
}

export interface SocketEnd {
  /** 1006 for a connection that was cut without a close frame. */
  readonly code: number;
  readonly reason: string;
}

/**
 * A plain WebSocket client that does nothing by itself. It checks each message of the server against the protocol,
 * and fails with a readable transcript instead of hanging.
 */
export class RawPeer {
  readonly name: string;
  readonly #socket: WebSocket;
  readonly #transcript: Transcript;
  readonly #deadlineMs: number;
  readonly #inbox: MessageInbox;
  readonly #ended: Promise<SocketEnd>;
  readonly #texts: string[] = [];
  /** For each ping under way: what its pong releases, or nothing where the test itself sent it and takes the pong. */
  readonly #pings: ((() => void) | undefined)[] = [];

  private constructor(socket: WebSocket, options: PeerOptions) {
    this.#socket = socket;
    this.name = options.name ?? "peer";
    this.#transcript = options.transcript ?? new Transcript();
    this.#deadlineMs = options.deadlineMs ?? defaultDeadlineMs;
    this.#inbox = new MessageInbox();
    socket.on("message", (data, isBinary) => this.#received(String(data), isBinary));
    this.#ended = new Promise((resolve) => {
      socket.on("close", (code, reason) => {
        this.#transcript.add(this.name, "event", `closed ${code} ${reason}`);
        this.#inbox.end(`the socket closed with ${code}`);
        resolve({ code, reason: String(reason) });
      });
    });
    // A close event always follows an error, and says what tests want to know.
    socket.on("error", (error) => this.#transcript.add(this.name, "event", error.message));
    options.test?.after(() => this.terminate());
  }

  /** Opens the socket. A refused upgrade rejects with the HTTP status in its message. */
  static async connect(url: string, options: PeerOptions = {}): Promise<RawPeer> {
    const { headers = {}, autoPong = true, deadlineMs = defaultDeadlineMs } = options;
    const ca = options.ca === undefined ? {} : { ca: options.ca };
    const socket = new WebSocket(url, {
      headers,
      autoPong,
      perMessageDeflate: false,
      handshakeTimeout: deadlineMs,
      ...ca,
    });
    // Listeners are there before the first frame can be.
    const peer = new RawPeer(socket, options);
    await new Promise<void>((resolve, reject) => {
      socket.once("open", resolve);
      socket.once("error", reject);
    });
    return peer;
  }

  /** An object is sent as JSON; a string as it is; bytes as a binary frame. */
  send(message: object | string | Uint8Array): void {
    const shown = message instanceof Uint8Array ? `${message.length} bytes` : message;
    this.#transcript.add(this.name, "sent", shown);
    const raw = typeof message === "string" || message instanceof Uint8Array;
    if (!raw && (message as { type?: unknown }).type === "ping") this.#pings.push(undefined);
    this.#socket.send(raw ? message : JSON.stringify(message));
  }

  /** Joins as a legacy session, or as whatever `extra` says, and waits until the server agrees. */
  async join(userId: string, extra: object = {}): Promise<ServerMessageByType<"joined">> {
    this.send({ type: "join", userId, ...extra });
    const message = await this.#take(`"joined"`, ({ type }) => type === "joined" || type === "error");
    if (message.type !== "joined") throw this.failure(`${this.name} may not join`);
    return message;
  }

  /** The oldest message of this type not taken yet, waited for if need be. Other messages stay where they are. */
  async next<T extends ServerMessageType>(
    type: T,
    predicate: (message: ServerMessageByType<T>) => boolean = () => true,
  ): Promise<ServerMessageByType<T>> {
    const fits = (message: ServerMessage) => message.type === type && predicate(message as ServerMessageByType<T>);
    return (await this.#take(`"${type}"`, fits)) as ServerMessageByType<T>;
  }

  /** What the server says to the message with this `id`: one or the other, once. */
  async reply(id: string): Promise<ServerMessageByType<"ack"> | ServerMessageByType<"error">> {
    const fits = (message: ServerMessage) => (message.type === "ack" || message.type === "error") && message.id === id;
    return (await this.#take(`the reply to "${id}"`, fits)) as ServerMessageByType<"ack" | "error">;
  }

  /**
   * Fails if such a message is there, or comes before the server has handled all that this peer sent so far. What
   * another peer sent may still be under way: let that one `settle()` first.
   */
  async expectNone<T extends ServerMessageType>(
    type: T,
    predicate: (message: ServerMessageByType<T>) => boolean = () => true,
  ): Promise<void> {
    await this.settle();
    const fits = (message: ServerMessage) => message.type === type && predicate(message as ServerMessageByType<T>);
    if (this.#inbox.has(fits)) throw this.failure(`${this.name} got a "${type}" that nobody should get`);
  }

  /** Resolves when the server has handled everything sent before: by a ping's pong, as a message once joined. */
  async settle(): Promise<void> {
    if (!this.#inbox.seen("joined")) {
      const pong = new Promise<void>((resolve) => this.#socket.once("pong", () => resolve()));
      this.#socket.ping();
      return this.#ponged(pong);
    }
    this.send({ type: "ping" });
    const pong = new Promise<void>((resolve) => this.#pings.splice(-1, 1, resolve));
    return this.#ponged(pong);
  }

  /** How the connection ended; waits for its end. */
  async closed(): Promise<SocketEnd> {
    return this.#within(this.#ended, "the end of the connection");
  }

  /** Text frames as they came, byte for byte. */
  get receivedTexts(): readonly string[] {
    return this.#texts;
  }

  transcript(): Transcript {
    return this.#transcript;
  }

  /** Reads nothing more until `resumeReading`: a slow reader. */
  pauseReading(): void {
    this.#socket.pause();
  }

  resumeReading(): void {
    this.#socket.resume();
  }

  /** Says goodbye properly. */
  close(code = 1000): void {
    this.#socket.close(code);
  }

  /** Cuts the connection without a close frame, as a dying device does. */
  terminate(): void {
    this.#socket.terminate();
  }

  failure(what: string): Error {
    return new Error(`${what}. What ${this.name} saw:\n${this.#transcript}`);
  }

  #received(text: string, isBinary: boolean): void {
    this.#texts.push(text);
    const parsed = parseServerMessage(text);
    this.#transcript.add(this.name, "received", parsed.ok ? parsed.message : text);
    if (parsed.ok && !isBinary) this.#sort(parsed.message);
    else this.#inbox.end(`the server broke the protocol: ${parsed.ok ? "a binary frame" : JSON.stringify(parsed)}`);
  }

  #sort(message: ServerMessage): void {
    const release = message.type === "pong" ? this.#pings.shift() : undefined;
    if (release === undefined) this.#inbox.add(message);
    else release();
  }

  async #ponged(pong: Promise<void>): Promise<void> {
    const end = await this.#within(Promise.race([pong, this.#ended]), "a pong");
    if (end) throw this.failure(`${this.name} waited for a pong, but the socket closed with ${end.code}`);
  }

  #take(label: string, fits: (message: ServerMessage) => boolean): Promise<ServerMessage> {
    const taken = this.#inbox.take(fits).catch((cause: Error) => {
      throw this.failure(`${this.name} waited for ${label}, but ${cause.message}`);
    });
    return this.#within(taken, label);
  }

  #within<T>(work: Promise<T>, label: string): Promise<T> {
    const explain = () => this.failure(`${this.name} waited ${this.#deadlineMs} ms for ${label}`).message;
    return withDeadline(work, this.#deadlineMs, explain);
  }
}
