import {
  type IceServer,
  type ServerMessage,
  type ServerMessageByType,
  type ServerMessageType,
  typedUserId,
} from "@echoo/protocol";
import type { Call } from "./call/call.ts";
import { CallIndex } from "./call/call-index.ts";
import type { CallSession } from "./call/call-session.ts";
import type { CallOptions, ClientEvents, ClientStatus, EchooClientOptions, UserStatus } from "./client-options.ts";
import { askAboutSocket } from "./connection/ask-about-socket.ts";
import { type Joined, Link, type LinkPort } from "./connection/link.ts";
import { defaultReconnectPolicy } from "./connection/reconnect-policy.ts";
import { Replies } from "./connection/replies.ts";
import { TokenKeeper } from "./connection/token-keeper.ts";
import { Directory } from "./directory.ts";
import { EchooError } from "./echoo-error.ts";
import { Emitter } from "./emitter.ts";
import { browserMedia } from "./media/browser-media.ts";
import type { MediaPort } from "./media/media-port.ts";
import type { CallPort } from "./peer/call-port.ts";
import { IceServers } from "./peer/ice-servers.ts";
import { onNetworkBack, systemClock, systemEntropy, systemSocket } from "./platform.ts";
import { TabKeeper } from "./tab/tab-keeper.ts";
import { browserTab } from "./tab/tab-memory.ts";

/** The version of the protocol that this SDK speaks. */
const protocol = 2;
/** Until the server says how long it waits for a lost link. */
const defaultResumeMs = 45_000;
const authentication = "authenticate";
const ignored = () => undefined;

type Handlers = { readonly [T in ServerMessageType]: (message: ServerMessageByType<T>) => void };

/** One user on one device: the connection to the server, the calls, and who is there. */
export class EchooClient {
  readonly userId: string;
  readonly #tab: TabKeeper;
  readonly #options: EchooClientOptions;
  readonly #media: MediaPort;
  readonly #events = new Emitter<ClientEvents>();
  readonly #link: Link;
  readonly #calls: CallIndex;
  readonly #directory: Directory;
  readonly #iceServers: IceServers;
  readonly #authentications: Replies<void>;
  readonly #stopWatchingNetwork: () => void;
  readonly #tokens: TokenKeeper;
  #joined: Joined | undefined;
  #token: string | undefined;
  /** Comes with a part of the SDK that is fetched once the client is connected; no call waits for it. */
  #report: CallPort["report"];
  #callPort!: CallPort;
  /** What the server said last about a refusal that closes the socket, so that it is not reported twice. */
  #reported: EchooError | undefined;

  constructor(options: EchooClientOptions) {
    const clock = options.clock ?? systemClock;
    const entropy = options.entropy ?? systemEntropy;
    this.#options = options;
    this.#media = options.media ?? browserMedia;
    this.userId = options.userId;
    // A device that has a name of its own is not to be told from its other tabs.
    const ownTab = options.deviceId === undefined ? browserTab(options.userId, clock, entropy) : undefined;
    this.#tab = new TabKeeper(options.tab ?? ownTab, options.deviceId, entropy);
    this.#authentications = new Replies(clock);
    const renewal = {
      clock,
      renew: (token: string) => this.#prove(token),
      fault: (error: EchooError) => this.#onFault(error),
    };
    this.#tokens = new TokenKeeper(renewal, options.token);
    this.#directory = new Directory({ clock, post: (message) => this.#link.post(message) });
    this.#iceServers = new IceServers({
      clock,
      own: options.iceServers ?? [],
      policy: options.iceTransportPolicy,
      askForCredentials: () => this.#link.post({ type: "getTurnCredentials" }),
    });
    this.#calls = new CallIndex(this.#indexPort(clock, entropy));
    this.#link = new Link({
      clock,
      entropy,
      policy: options.reconnect ?? defaultReconnectPolicy,
      inCall: () => this.calls.length > 0,
      askAboutSocket: options.askAboutSocket ?? (() => askAboutSocket(options.url)),
      openSocket: () => (options.socket ?? systemSocket)(options.url),
      join: () => this.#join(),
      hasFreshTokens: () => this.#tokens.isFresh,
      status: (status) => this.#onStatus(status),
      joined: (joined) => this.#onJoined(joined),
      message: (message) => this.#handle(message),
      fault: (error) => this.#onFault(error),
    });
    this.#stopWatchingNetwork = onNetworkBack(() => this.#link.nudge());
  }

  get status(): ClientStatus {
    return this.#link.status;
  }

  /** One for each tab, and the same after a reload, where it was not given. */
  get deviceId(): string {
    return this.#tab.deviceId;
  }

  get session(): string | undefined {
    return this.#link.session;
  }

  get calls(): readonly Call[] {
    return this.#calls.all;
  }

  get iceServers(): readonly IceServer[] {
    return this.#iceServers.all;
  }

  /** Opens the socket and keeps it open until `leave`, `dispose` or a refusal that a retry cannot mend. */
  connect(): void {
    this.#link.start();
  }

  /** Hangs up, ends the session, and resolves when the socket is closed. */
  async leave(): Promise<void> {
    this.#calls.hangUpAll();
    await this.#link.leave();
    this.#tab.forget();
    this.#tab.release();
  }

  /** Lets go of everything at once. Calls of a session that did not `leave` end when its resume time is over. */
  dispose(): void {
    this.#stopWatchingNetwork();
    this.#calls.abandonAll();
    this.#link.stop();
    this.#tab.release();
  }

  /**
   * Opens microphone and camera and rings `to`. The call is in `calls` at once; the promise resolves when the server
   * knows it or its user hung up, and rejects with an EchooError if a device or the server refuses, such as with
   * `already_in_call`. Where `to` rings here at this moment, that call is answered instead.
   */
  async call(to: string, options: CallOptions): Promise<Call> {
    if (this.status === "offline") throw new EchooError("offline");
    // A user who dials does not wait for the next try of a link that is away.
    if (this.status === "connecting") this.#link.nudge();
    return this.#calls.place(typedUserId(to), options);
  }

  /** Presence of up to 200 users, now and on each change, until `unwatch`. */
  watch(users: readonly string[]): void {
    this.#directory.watch(users.map(typedUserId));
  }

  unwatch(users: readonly string[]): void {
    this.#directory.unwatch(users.map(typedUserId));
  }

  checkUser(userId: string): Promise<UserStatus> {
    return this.#directory.check(typedUserId(userId));
  }

  /** Asks for the users that this one is likely to call; they come as a `users` event. */
  getUsers(): void {
    this.#link.post({ type: "getUsers" });
  }

  /** Proves the user afresh with a renewed token, which later joins use too, unless a function gives them theirs. */
  authenticate(token: string): Promise<void> {
    this.#tokens.given(token);
    return this.#prove(token);
  }

  #prove(token: string): Promise<void> {
    return this.#authentications.request(authentication, () =>
      this.#link.post({ type: "authenticate", authToken: token }),
    );
  }

  devices(): Promise<MediaDeviceInfo[]> {
    return this.#media.enumerateDevices();
  }

  on<T extends keyof ClientEvents>(type: T, handler: (event: ClientEvents[T]) => void): () => void {
    return this.#events.on(type, handler);
  }

  readonly #handlers: Handlers = {
    joined: () => {},
    calling: (message) => this.#calls.handle(message),
    offer: (message) => this.#calls.handle(message),
    ringing: (message) => this.#calls.handle(message),
    answer: (message) => this.#calls.handle(message),
    offerRefused: (message) => this.#calls.handle(message),
    candidate: (message) => this.#calls.handle(message),
    busy: (message) => this.#calls.handle(message),
    reject: (message) => this.#calls.handle(message),
    hangup: (message) => this.#calls.handle(message),
    missed: (message) => this.#calls.handle(message),
    peerLost: (message) => this.#calls.handle(message),
    peerBack: (message) => this.#calls.handle(message),
    mediaState: (message) => this.#calls.handle(message),
    chat: (message) => this.#calls.handle(message),
    emoji: (message) => this.#calls.handle(message),
    quality: (message) => this.#calls.handle(message),
    presence: ({ users }) => this.#events.emit("presence", users),
    userList: ({ users }) => this.#events.emit("users", users),
    userStatus: (status) => this.#directory.checked(status),
    turnCredentials: (turn) => this.#iceServers.renewed(turn),
    authenticated: () => this.#authentications.settle(authentication, undefined),
    authError: ({ message }) => {
      const error = new EchooError("unauthorized", { message });
      this.#authentications.fail(authentication, error);
      this.#tellFault(error);
    },
    goaway: ({ reconnectInMs }) => this.#events.emit("goaway", { reconnectInMs }),
    ack: () => {},
    pong: () => {},
    tokenExpiring: ({ inMs }) => {
      this.#events.emit("tokenExpiring", { inMs });
      void this.#tokens.expiring(inMs);
    },
    error: (message) => this.#onRefusal(message),
  };

  #handle(message: ServerMessage): void {
    const handler = this.#handlers[message.type] as (one: ServerMessage) => void;
    handler(message);
  }

  #indexPort(clock: typeof systemClock, entropy: typeof systemEntropy): ConstructorParameters<typeof CallIndex>[0] {
    this.#callPort = {
      clock,
      media: this.#media,
      userId: this.userId,
      linkUp: () => this.status === "online",
      resumeMs: () => this.#joined?.resumeMs ?? defaultResumeMs,
      send: (message) => this.#link.send(message),
      withdraw: (callId) => this.#link.outbox.withdraw(callId),
      configuration: (relayOnly) => this.#iceServers.configuration(relayOnly),
      report: (call) => this.#report?.(call),
      refused: (call, error) => this.#events.emit("refused", { call, error }),
      ended: (call) => this.#calls.ended(call),
    };
    return {
      call: this.#callPort,
      uuid: () => entropy.uuid(),
      keepUnsent: (wanted) => this.#link.outbox.keepOnly(wanted),
      incoming: (call) => this.#events.emit("incoming", call),
      changed: (call) => this.#onCallChanged(call),
      returning: (call) => {
        if (!this.#events.has("returning")) return false;
        queueMicrotask(() => this.#events.emit("returning", call));
        return true;
      },
      missed: (call) => this.#events.emit("missed", call),
    };
  }

  #join(): ReturnType<LinkPort["join"]> {
    const [token, ready] = [this.#tokens.next(), this.#tab.ready()];
    if (!ready && !(token instanceof Promise)) return this.#joinWith(token);
    return Promise.all([token, ready]).then(([fresh]) => this.#joinWith(fresh));
  }

  #joinWith(token: string | undefined): Awaited<ReturnType<LinkPort["join"]>> {
    const { name } = this.#options;
    this.#token = token;
    return {
      type: "join",
      userId: this.userId,
      deviceId: this.deviceId,
      protocol,
      client: { name: name ?? "@echoo/client" },
      ...(token === undefined ? {} : { token }),
      ...(this.#tab.session === undefined ? {} : { resume: { session: this.#tab.session } }),
    };
  }

  #onJoined(joined: Joined): void {
    this.#joined = joined;
    this.#reported = undefined;
    this.#iceServers.joined(joined);
    this.#calls.joined(joined, this.#tab.calls);
    this.#tab.joined();
    this.#remember();
    // Media that is not the browser's own tells for itself.
    const { media, url } = this.#options;
    if (media) return;
    import("./report/report-calls.ts").then(({ reporterOf }) => {
      this.#report ??= reporterOf({ ...this.#callPort, url, token: () => this.#token });
    }, ignored);
  }

  #onCallChanged(call: CallSession): void {
    if (call.state !== "ended") for (const type of ["state", "media"] as const) call.on(type, () => this.#remember());
    this.#remember();
    this.#events.emit("call", call);
  }

  #remember(): void {
    // Before the first join there is nothing to remember, and something to forget.
    if (this.session === undefined) return;
    this.#tab.remember(
      this.session,
      this.#calls.all.flatMap(({ kept }) => kept ?? []),
    );
  }

  #onStatus(status: ClientStatus): void {
    if (status !== "online") this.#tokens.stop();
    if (status === "online" && this.#joined !== undefined) {
      this.#directory.online();
      this.#calls.linkReturned(this.#joined);
    } else if (status === "connecting") {
      this.#calls.linkLost();
    } else {
      this.#directory.close();
      this.#calls.abandonAll();
    }
    this.#events.emit("status", status);
  }

  #onRefusal(message: ServerMessageByType<"error">): void {
    if (this.#calls.refused(message)) return;
    this.#tellFault(new EchooError(message.code, { message: message.message, retryInMs: message.retryInMs }));
  }

  #tellFault(error: EchooError): void {
    this.#reported = error;
    this.#events.emit("error", error);
  }

  /** The link's own errors; a refusal that the server put into words before it closed the socket is not repeated. */
  #onFault(error: EchooError): void {
    if (error.code !== this.#reported?.code) this.#events.emit("error", error);
  }
}
