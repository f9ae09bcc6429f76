import { type ServerMessage, type ServerMessageType, serverMessages } from "@echoo/protocol";
import type { Abilities } from "../../call/abilities.ts";
import type { Device } from "../../call/call.ts";
import type { Instant, Steady } from "../../ports/clock.ts";
import type { Link } from "../../ports/link.ts";
import type { ClientFacts } from "../../verdict/server-facts.ts";
import { type QueuedMessage, ResumeQueue, writeQueued } from "./resume-queue.ts";
import type { TokenExpiry } from "./token-expiry.ts";

interface SessionOptions {
  readonly id: string;
  readonly user: string;
  readonly device: string;
  readonly can: Abilities;
  readonly token?: string;
  readonly voucher?: string;
  readonly expiry?: TokenExpiry;
  readonly link: Link;
  readonly joinedAtMs: Steady;
  readonly client?: ClientFacts;
}

/** Messages that a client must not miss: those of calls, and the answers to what it sent. */
const kept = new Set<ServerMessageType>(
  (Object.keys(serverMessages) as ServerMessageType[]).filter((type) => {
    const { route } = serverMessages[type];
    return route === "call" || route === "relay" || type === "ack" || type === "error";
  }),
);

/**
 * One device's presence on this server, from its join until it leaves or stays away too long. Until it is over it has
 * a link whose socket knows of it, or a timer that ends it.
 */
export class Session {
  readonly id: string;
  readonly user: string;
  readonly device: string;
  readonly can: Abilities;
  readonly joinedAtMs: Steady;
  /** What its client says of itself. */
  readonly client: ClientFacts | undefined;
  /** The address on the network that its last socket came from. */
  network: string | undefined;
  token: string | undefined;
  /** A token that its client has and cannot send: the session ends with it, and may do nothing by it. */
  voucher: string | undefined;
  /** Absent where nothing is known of an end of its right to be here. */
  expiry: TokenExpiry | undefined;
  link: Link | undefined;
  lostAtMs: Steady | undefined;
  provenAtMs: Steady = 0;
  /** Decided by the engine alone, and for ever; a socket asks here whether a session is still joined on it. */
  isOver = false;
  /** The highest number of its own messages that was handled. */
  handledN = 0;
  /** What it asked about others, and the database has still to answer. */
  questions = 0;
  /** Whose presence it wants to know, with what it was last told. */
  readonly watched = new Map<string, string>();
  readonly queue = new ResumeQueue();

  constructor(options: SessionOptions) {
    this.id = options.id;
    this.user = options.user;
    this.device = options.device;
    this.can = options.can;
    this.joinedAtMs = options.joinedAtMs;
    this.client = options.client;
    this.network = options.link.network;
    this.token = options.token;
    this.voucher = options.voucher;
    this.expiry = options.expiry;
    this.link = options.link;
  }

  /** How calls refer to it. */
  asDevice(): Device {
    return {
      session: this.id,
      device: this.device,
      can: this.can,
      ...(this.token === undefined ? {} : { token: this.token }),
      ...(this.voucher === undefined ? {} : { voucher: this.voucher }),
      ...(this.lostAtMs === undefined ? {} : { lostAtMs: this.lostAtMs }),
    };
  }

  /** Whether its token has run out, so that it may start nothing more. */
  isExpired(now: Instant): boolean {
    return this.expiry !== undefined && this.expiry.atMs <= now;
  }

  /** Numbers and keeps the message if its client must not miss it. */
  enqueue(message: ServerMessage, nowMs: Steady): QueuedMessage | undefined {
    return kept.has(message.type) ? this.queue.add(message, nowMs) : undefined;
  }

  /**
   * Lets go of what a client that never confirms anything has shown to have: its next join is told only of what was
   * written after its last sign of life.
   */
  forgetHeard(nowMs: Steady): void {
    if (!this.can.resumes && this.link) this.queue.forgetBefore(nowMs - this.link.silentMs);
  }

  /** Whether its client is here, and has confirmed everything that it was told of this call. */
  hasConfirmed(callId: string): boolean {
    return this.link !== undefined && this.can.resumes && !this.queue.holds(callId);
  }

  /** Writes what was enqueued, or leaves it for the return of a client that is away. */
  write(message: ServerMessage, queued: QueuedMessage | undefined): void {
    if (!queued) {
      this.link?.send(message);
      return;
    }
    if (!this.can.resumes) {
      // It gets no numbers; what it is sent is kept all the same, for its next join.
      this.queue.measured(queued, this.link ? this.link.send(message) : JSON.stringify(message).length);
      return;
    }
    const text = writeQueued(queued, message);
    this.link?.sendText(text, message);
    this.queue.measured(queued, text.length);
  }
}
