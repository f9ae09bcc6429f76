import type { ClientMessage, ServerMessage, ServerMessageByType } from "@echoo/protocol";
import type { ClientClock } from "../client-clock.ts";
import type { ClientStatus } from "../client-options.ts";
import { asEchooError, EchooError } from "../echoo-error.ts";
import type { Entropy } from "./entropy.ts";
import { Heartbeat } from "./heartbeat.ts";
import { isTooLarge, tooLargeRefusal } from "./message-size.ts";
import { Outbox } from "./outbox.ts";
import type { ReconnectPolicy } from "./reconnect-policy.ts";
import { ReconnectSchedule } from "./reconnect-schedule.ts";
import { readServerFrame } from "./server-frame.ts";
import type { ClientSocket } from "./socket-port.ts";
import { SocketTrouble } from "./socket-trouble.ts";

/** From opening the socket to `joined`. */
const joinTimeoutMs = 10_000;
/** How long `leave` waits for the socket to close. */
const leaveTimeoutMs = 2_000;
/** The server keeps 256 messages for a resume: confirm well before that. */
const confirmEvery = 64;
/** What a socket reports that broke without a close frame (RFC 6455, 7.1.5). */
const brokenSocket = 1006;

/** A frame was larger than the server reads. */
const tooLargeFrame = 1009;

/** The token is not good, or not good any more. */
const unauthorized = 4401;

type Join = Extract<ClientMessage, { type: "join" }>;
export type Joined = ServerMessageByType<"joined">;

export interface LinkPort {
  readonly clock: ClientClock;
  readonly entropy: Entropy;
  readonly policy: ReconnectPolicy;
  /** Whether a call lives that the link is missed in. */
  inCall(): boolean;
  openSocket(): ClientSocket;
  /** Why no socket opens. */
  askAboutSocket(): Promise<EchooError>;
  /** The `join` of a new socket, without what the link adds to resume. */
  join(): Join | Promise<Join>;
  /** Whether the next join may bring a better token than one that is not good any more. */
  hasFreshTokens(): boolean;
  status(status: ClientStatus): void;
  /** Called before unconfirmed messages are sent again, so that those of dead calls can be dropped. */
  joined(joined: Joined): void;
  /** Each message once and in order, whatever a resume repeats. */
  message(message: ServerMessage): void;
  fault(error: EchooError): void;
}

/** The connection to the server: joins, resumes, reconnects, and delivers each message once in either direction. */
export class Link {
  readonly outbox = new Outbox();
  readonly #port: LinkPort;
  readonly #heartbeat: Heartbeat;
  readonly #schedule: ReconnectSchedule;
  readonly #trouble: SocketTrouble;
  #status: ClientStatus = "offline";
  #socket: ClientSocket | undefined;
  /** A socket that still works but whose server is about to go, kept until the next one has joined. */
  #retiring: ClientSocket | undefined;
  #session: string | undefined;
  #handledSeq = 0;
  #unconfirmed = 0;
  /** Whether the socket of the moment got as far as that. */
  #hasJoined = false;
  #hasOpened = false;
  #cancelTimer: (() => void) | undefined;

  constructor(port: LinkPort) {
    this.#port = port;
    this.#schedule = new ReconnectSchedule(port);
    this.#trouble = new SocketTrouble({
      clock: port.clock,
      ask: () => port.askAboutSocket(),
      fault: (error) => port.fault(error),
    });
    this.#heartbeat = new Heartbeat({
      clock: port.clock,
      ping: () => this.#write({ type: "ping", seq: this.#handledSeq }),
      dead: () => this.#drop(brokenSocket),
    });
  }

  get status(): ClientStatus {
    return this.#status;
  }

  get session(): string | undefined {
    return this.#session;
  }

  start(): void {
    if (this.#status !== "offline") return;
    this.#setStatus("connecting");
    this.#open();
  }

  /** Ends the session for good. Resolves when the socket is closed. */
  leave(): Promise<void> {
    const socket = this.#socket;
    const wasOnline = this.#status === "online";
    if (wasOnline) this.#write({ type: "leave" });
    this.stop();
    if (socket === undefined || !wasOnline) return Promise.resolve();
    return new Promise((resolve) => {
      const cancel = this.#port.clock.after(leaveTimeoutMs, resolve);
      socket.onclose = () => {
        cancel();
        resolve();
      };
    });
  }

  stop(): void {
    this.#trouble.stop();
    this.#detach();
    this.#session = undefined;
    this.outbox.keepOnly(() => false);
    this.#setStatus("offline");
  }

  /**
   * Sends a message of a call: at once if the link is up, after the next join otherwise. One that no server takes is
   * refused as a server refuses it.
   */
  send(message: ClientMessage): void {
    if (isTooLarge(message)) {
      // Later, as a server's word would come: the code that sends is not done with it yet.
      queueMicrotask(() => this.#port.message(tooLargeRefusal(message)));
      return;
    }
    const numbered = this.outbox.add(message);
    if (numbered === undefined) {
      this.#port.fault(new EchooError("unavailable"));
    } else if (this.#status === "online") {
      this.outbox.markWritten();
      this.#write(numbered);
    }
  }

  /** Sends what is worthless later; false where the link is down. */
  post(message: ClientMessage): boolean {
    if (this.#status !== "online") return false;
    this.#write(message);
    return true;
  }

  /** The network came back: tries at once instead of waiting, and doubts a socket from before. */
  nudge(): void {
    if (this.#status === "online") this.#heartbeat.beat();
    else if (this.#status === "connecting" && this.#socket === undefined) this.#open();
  }

  #open(): void {
    this.#cancelTimer?.();
    let socket: ClientSocket;
    try {
      socket = this.#port.openSocket();
    } catch (cause) {
      // A malformed address, or ws:// from an https:// page: no retry mends either.
      this.#giveUp(asEchooError(cause, "offline"));
      return;
    }
    this.#socket = socket;
    this.#hasOpened = false;
    socket.onopen = () => {
      this.#hasOpened = true;
      this.#join();
    };
    socket.onmessage = (event: { data: unknown }) => this.#receive(event.data);
    socket.onclose = (event: { code: number }) => this.#drop(event.code);
    socket.onerror = () => {};
    this.#cancelTimer = this.#port.clock.after(joinTimeoutMs, () => {
      if (this.#hasOpened) this.#trouble.failed("silent");
      this.#drop(brokenSocket);
    });
  }

  #join(): void {
    const socket = this.#socket;
    const join = this.#port.join();
    if (!(join instanceof Promise)) {
      this.#writeJoin(join);
      return;
    }
    join.then(
      (ready) => {
        if (this.#socket === socket) this.#writeJoin(ready);
      },
      (cause: unknown) => {
        if (this.#socket !== socket) return;
        this.#port.fault(asEchooError(cause, "token_failed"));
        this.#drop(brokenSocket);
      },
    );
  }

  #writeJoin(join: Join): void {
    const session = this.#session;
    const resume = session === undefined ? {} : { resume: { session, seq: this.#handledSeq } };
    this.#write({ ...join, ...resume });
  }

  #receive(data: unknown): void {
    const frame = readServerFrame(data);
    if (frame.kind === "broken") this.#port.fault(new EchooError("bad_message"));
    else if (frame.kind === "unknown") this.#isNew(frame.seq);
    else if (frame.message.type === "joined") this.#onJoined(frame.message);
    else if (this.#isNew(frame.message.seq)) this.#handle(frame.message);
  }

  #handle(message: ServerMessage): void {
    if (message.type === "pong") this.#onPong(message);
    if (message.type === "goaway") this.#onGoaway(message.reconnectInMs);
    if (message.type === "error" && message.retryInMs !== undefined) this.#schedule.hint(message.retryInMs);
    this.#port.message(message);
  }

  /** Counts a message of the resumable stream; false where it was handled before. */
  #isNew(seq: number | undefined): boolean {
    if (seq === undefined) return true;
    if (seq <= this.#handledSeq) return false;
    this.#handledSeq = seq;
    this.#unconfirmed += 1;
    if (this.#unconfirmed >= confirmEvery) this.#heartbeat.beat();
    return true;
  }

  #onJoined(joined: Joined): void {
    this.#cancelTimer?.();
    this.#retire(undefined);
    this.#session = joined.session;
    this.#hasJoined = true;
    if (joined.resumed) this.outbox.confirm(joined.n ?? 0);
    else this.#handledSeq = 0;
    this.#schedule.joined();
    this.#trouble.joined();
    this.#heartbeat.start(joined.pingMs);
    this.#port.joined(joined);
    for (const message of this.outbox.takeForSending()) this.#write(message);
    this.#setStatus("online");
  }

  #onPong(pong: ServerMessageByType<"pong">): void {
    this.#heartbeat.pong();
    if (pong.n !== undefined) this.outbox.confirm(pong.n);
  }

  /** The node drains. The old socket stays open until the new one has joined: a takeover loses nothing. */
  #onGoaway(reconnectInMs: number): void {
    this.#schedule.hint(reconnectInMs);
    this.#cancelTimer?.();
    this.#cancelTimer = this.#port.clock.after(reconnectInMs, () => {
      this.#heartbeat.stop();
      this.#retire(this.#socket);
      this.#hasJoined = false;
      this.#setStatus("connecting");
      this.#open();
    });
  }

  #retire(socket: ClientSocket | undefined): void {
    if (this.#retiring !== undefined) this.#retiring.close();
    this.#retiring = socket;
    if (socket !== undefined) silence(socket);
  }

  /** The socket is gone, or as good as gone. */
  #drop(closeCode: number): void {
    // A token that was good has ended or was taken back: another one may be good.
    if (!this.#hasOpened) this.#trouble.failed("unopened");
    const mayMend = closeCode === unauthorized && this.#hasJoined && this.#port.hasFreshTokens();
    this.#detach();
    // A server with smaller limits: what it closed the socket for must not close the next one.
    const refused = closeCode === tooLargeFrame ? this.outbox.takeLargest() : undefined;
    if (refused !== undefined) this.#port.message(tooLargeRefusal(refused));
    const waitMs = this.#schedule.next(mayMend ? brokenSocket : closeCode);
    if (waitMs === undefined) {
      this.#giveUp(new EchooError(closeCode === 4409 ? "session_replaced" : "unauthorized"));
    } else {
      this.#setStatus("connecting");
      this.#cancelTimer = this.#port.clock.after(waitMs, () => this.#open());
    }
  }

  #giveUp(reason: EchooError): void {
    this.stop();
    this.#port.fault(reason);
  }

  #detach(): void {
    this.#cancelTimer?.();
    this.#heartbeat.stop();
    this.#retire(undefined);
    const socket = this.#socket;
    this.#socket = undefined;
    this.#hasJoined = false;
    if (socket === undefined) return;
    silence(socket);
    socket.close();
  }

  #write(message: ClientMessage): void {
    if (message.type === "ping") this.#unconfirmed = 0;
    this.#socket?.send(JSON.stringify(message));
  }

  #setStatus(status: ClientStatus): void {
    if (this.#status === status) return;
    this.#status = status;
    this.#port.status(status);
  }
}

/** No handler of a socket that was given up runs any more; `ws` throws without one for errors. */
function silence(socket: ClientSocket): void {
  socket.onopen = null;
  socket.onmessage = null;
  socket.onclose = null;
  socket.onerror = () => {};
}
