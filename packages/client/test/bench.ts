import { EchooClient, type EchooClientOptions, EchooError } from "@echoo/client";
import { FakeMedia, FakeNetwork } from "@echoo/client/fake";
import type { ServerMessageByType } from "@echoo/protocol";
import { FakeClock } from "@echoo/testkit";
import { ScriptedServer, type ScriptedSocket } from "./scripted-server.ts";

type Joined = ServerMessageByType<"joined">;

/** Everything that is due in microtasks has happened once this resolves. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

export function joined(fields: Partial<Joined> = {}): Joined {
  return {
    type: "joined",
    userId: "ann",
    session: "s1",
    resumed: false,
    protocol: 2,
    pingMs: 15_000,
    resumeMs: 45_000,
    calls: [],
    iceServers: [],
    time: 0,
    ...fields,
  };
}

/** One client, the server's end of its socket, and its devices; time and chance stand still. */
export class Bench {
  readonly clock: FakeClock;
  readonly network: FakeNetwork;
  readonly server = new ScriptedServer();
  readonly media: FakeMedia;
  readonly options: EchooClientOptions;
  readonly client: EchooClient;
  /** Everything that happened, a word each. */
  readonly log: string[] = [];
  #ids = 0;

  constructor(options: Partial<EchooClientOptions> = {}, shared?: { clock: FakeClock; network: FakeNetwork }) {
    this.clock = shared?.clock ?? new FakeClock();
    this.network = shared?.network ?? new FakeNetwork(this.clock);
    this.media = new FakeMedia(this.network);
    const userId = options.userId ?? "ann";
    this.options = {
      url: "ws://server.test/ws",
      userId,
      clock: this.clock,
      media: this.media,
      socket: this.server.accept,
      askAboutSocket: async () => new EchooError(this.server.refusal),
      entropy: { random: () => 0, uuid: () => this.#uuid(userId) },
      ...options,
    };
    this.client = new EchooClient(this.options);
    this.client.on("status", (status) => this.log.push(status));
    this.client.on("error", (error) => this.log.push(`error ${error.code}`));
    this.client.on("goaway", () => this.log.push("goaway"));
  }

  get socket(): ScriptedSocket {
    return this.server.socket;
  }

  /** Connects and joins. */
  online(fields: Partial<Joined> = {}): this {
    this.client.connect();
    return this.joins(fields);
  }

  /** The newest socket opens and its join is answered. */
  joins(fields: Partial<Joined> = {}): this {
    this.socket.open();
    this.socket.say(joined(fields));
    return this;
  }

  /** After a loss: lets the pause before the next try pass, and no more. */
  retries(): this {
    const before = this.server.sockets.length;
    while (this.server.sockets.length === before) this.clock.advance(100);
    return this;
  }

  #uuid(userId: string): string {
    this.#ids += 1;
    const number = `${userId.charCodeAt(0)}${this.#ids}`.padStart(12, "0");
    return `00000000-0000-4000-8000-${number}`;
  }
}
