import type { ServerMessageByType, ServerMessageType } from "@echoo/protocol";
import { type PeerOptions, RawPeer, type SocketEnd } from "./raw-peer.ts";
import { Transcript } from "./transcript.ts";

export interface CurrentPeerOptions extends PeerOptions {
  readonly userId: string;
  readonly deviceId?: string;
  readonly token?: string;
}

type Joined = ServerMessageByType<"joined">;

/** A peer that speaks protocol 2: it numbers what it sends, confirms what it got, and can resume its session. */
export class CurrentPeer {
  readonly #url: string;
  readonly #options: CurrentPeerOptions;
  #peer: RawPeer;
  #joined: Joined;
  #n = 0;
  /** Sent, and not known to be handled. */
  #unconfirmed: (object & { n: number })[] = [];
  /** The highest `seq` before the socket of the moment, which may have brought none yet. */
  #lastSeqBefore = 0;

  private constructor(url: string, options: CurrentPeerOptions, peer: RawPeer, joined: Joined) {
    this.#url = url;
    this.#options = options;
    this.#peer = peer;
    this.#joined = joined;
  }

  static async connect(url: string, options: CurrentPeerOptions): Promise<CurrentPeer> {
    const named = { name: options.userId, transcript: new Transcript(), ...options };
    const peer = await RawPeer.connect(url, named);
    return new CurrentPeer(url, named, peer, await peer.join(options.userId, credentials(options)));
  }

  /** What the server said to the last join. */
  get joined(): Joined {
    return this.#joined;
  }

  /** The socket of the moment: another one after `resume`. */
  get raw(): RawPeer {
    return this.#peer;
  }

  /** Every `seq` received on the socket of the moment, in the order it came. */
  get receivedSeqs(): readonly number[] {
    return this.#peer.receivedTexts.flatMap((text) => (JSON.parse(text) as { seq?: number }).seq ?? []);
  }

  send(message: object): void {
    const numbered = { ...message, n: ++this.#n };
    this.#unconfirmed.push(numbered);
    this.#peer.send(numbered);
  }

  next<T extends ServerMessageType>(type: T, predicate?: (message: ServerMessageByType<T>) => boolean) {
    return this.#peer.next(type, predicate);
  }

  expectNone<T extends ServerMessageType>(type: T, predicate?: (message: ServerMessageByType<T>) => boolean) {
    return this.#peer.expectNone(type, predicate);
  }

  settle(): Promise<void> {
    return this.#peer.settle();
  }

  /** Tells the server up to which `seq` everything arrived, so that it may forget it; waits until it has. */
  async confirm(): Promise<void> {
    this.#peer.send({ type: "ping", seq: this.#lastSeq() });
    const { n = 0 } = await this.#peer.next("pong");
    this.#forget(n);
  }

  /**
   * Takes the session over from a new socket, whatever became of the old one, and sends again what the server had not
   * handled. `changes` may leave out or falsify parts of the join; `url` leads to another server of the same system.
   */
  async resume(changes: object = {}, url = this.#url): Promise<Joined> {
    const seq = this.#lastSeq();
    this.#lastSeqBefore = seq;
    this.#peer = await RawPeer.connect(url, this.#options);
    const resume = { session: this.#joined.session, seq };
    const joined = await this.#peer.join(this.#options.userId, { ...credentials(this.#options), resume, ...changes });
    this.#joined = joined;
    if (!joined.resumed) this.#lastSeqBefore = 0;
    this.#forget(joined.n ?? 0);
    for (const message of this.#unconfirmed) this.#peer.send(message);
    return joined;
  }

  closed(): Promise<SocketEnd> {
    return this.#peer.closed();
  }

  terminate(): void {
    this.#peer.terminate();
  }

  transcript(): Transcript {
    return this.#peer.transcript();
  }

  #lastSeq(): number {
    return Math.max(this.#lastSeqBefore, ...this.receivedSeqs);
  }

  #forget(n: number): void {
    this.#unconfirmed = this.#unconfirmed.filter((message) => message.n > n);
  }
}

function credentials({ deviceId, token }: CurrentPeerOptions): object {
  return { protocol: 2, ...(deviceId === undefined ? {} : { deviceId }), ...(token === undefined ? {} : { token }) };
}
