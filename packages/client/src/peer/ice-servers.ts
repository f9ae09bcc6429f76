import type { IceServer, ServerMessageByType } from "@echoo/protocol";
import type { ClientClock } from "../client-clock.ts";
import { Replies } from "../connection/replies.ts";

/** Credentials that expire sooner than this are renewed before they are used. */
const renewBeforeMs = 5 * 60_000;
const renewal = "turn";

interface IceServersPort {
  readonly clock: ClientClock;
  readonly own: readonly IceServer[];
  readonly policy: RTCIceTransportPolicy | undefined;
  askForCredentials(): boolean;
}

/** The STUN and TURN servers of this client, with credentials that are still good when a call uses them. */
export class IceServers {
  readonly #port: IceServersPort;
  readonly #replies: Replies<void>;
  #given: readonly IceServer[] = [];
  /** How far the server's wall clock is ahead of the steady clock here. */
  #serverAheadMs = 0;
  #relaysAll = false;

  constructor(port: IceServersPort) {
    this.#port = port;
    this.#replies = new Replies(port.clock);
  }

  get all(): readonly IceServer[] {
    return [...this.#port.own, ...this.#given];
  }

  /** The server's list, and its time: this machine's clock may be off by more than a credential's life, or be set. */
  joined(joined: Pick<ServerMessageByType<"joined">, "iceServers" | "time" | "iceTransportPolicy">): void {
    this.#given = joined.iceServers;
    this.#relaysAll = joined.iceTransportPolicy === "relay";
    this.#serverAheadMs = joined.time - this.#port.clock.steady();
  }

  renewed(turn: ServerMessageByType<"turnCredentials">): void {
    const relay: IceServer = { urls: turn.uris, username: turn.username, credential: turn.password };
    this.#given = [...this.#given.filter((server) => server.username === undefined), relay];
    this.#replies.settle(renewal, undefined);
  }

  /** `relayOnly`: of a call that the server wants to go through a relay. */
  async configuration(relayOnly: boolean): Promise<RTCConfiguration> {
    if (this.#given.some((server) => this.#expires(server))) {
      // Old credentials are better than none: the call may not need a relay at all.
      await this.#replies.request(renewal, () => this.#port.askForCredentials()).catch(() => undefined);
    }
    const policy = relayOnly || this.#relaysAll ? "relay" : this.#port.policy;
    const iceServers = this.all.map((server) => ({ ...server }) as RTCIceServer);
    return policy === undefined ? { iceServers } : { iceServers, iceTransportPolicy: policy };
  }

  /** A username begins with the time it expires, in seconds (draft-uberti-behave-turn-rest-00). */
  #expires({ username = "" }: IceServer): boolean {
    const untilMs = 1000 * Number(/^(\d{9,11}):/.exec(username)?.[1] ?? Number.NaN);
    return untilMs - renewBeforeMs < this.#port.clock.steady() + this.#serverAheadMs;
  }
}
