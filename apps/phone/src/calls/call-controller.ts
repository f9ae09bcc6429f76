import type { Call, EchooClient, MissedCall } from "@echoo/client";
import { echoUserId } from "@echoo/protocol";
import { endSentence } from "../i18n/end-sentence.ts";
import { say } from "../i18n/say.ts";
import { sentenceFor } from "../i18n/sentence-for.ts";
import { Cell } from "../state/cell.ts";
import { CallSession } from "./call-session.ts";
import { LoopbackCall } from "./loopback-call.ts";

interface DeskOptions {
  readonly client: EchooClient;
  readonly nameOf: (userId: string) => string;
  /** A call has begun, in either direction, whose peer's name may not be known yet. */
  readonly onPeer: (call: Call) => void;
  /** Somebody called in vain: histories have changed, and the caller's name may not be known yet. */
  readonly onMissed: (missed: MissedCall) => void;
  /** A call ended: histories have changed. */
  readonly onEnded: (callId: string) => void;
}

interface DialOptions {
  readonly video: boolean;
  readonly supersede?: boolean;
}

/** Takes calls and places them: at most one is on the screen, and any number may ring, of which one is in front. */
export class CallController {
  readonly current = new Cell<CallSession | undefined>(undefined);
  /** The ring in front: the newest, or the one that its user brought there. */
  readonly incoming = new Cell<CallSession | undefined>(undefined);
  /** Those that ring as well; each comes to the front once those before it are decided. */
  readonly waiting = new Cell<readonly CallSession[]>([]);
  /** What became of a ring that stopped without this person's doing. */
  readonly notice = new Cell<string | undefined>(undefined);
  /** Why a call could not even begin. */
  readonly problem = new Cell<string | undefined>(undefined);
  readonly #options: DeskOptions;

  constructor(options: DeskOptions) {
    this.#options = options;
    options.client.on("incoming", (call) => this.#ring(call));
    options.client.on("returning", (call) => void this.#return(call));
    options.client.on("missed", (missed) => {
      options.onMissed(missed);
      if (this.busy) this.current.value?.calledBy(missed.peer);
    });
    options.client.on("call", (call) => {
      if (call.state === "ended") options.onEnded(call.id);
      else if (call.direction === "outgoing") this.#show(call);
    });
  }

  /** Whether a call is on the screen that has not ended. */
  get busy(): boolean {
    const call = this.current.value?.call;
    return call !== undefined && call.state !== "ended";
  }

  async dial(to: string, options: DialOptions): Promise<void> {
    this.notice.set(undefined);
    this.problem.set(this.busy ? say.problem.in_call : undefined);
    if (this.busy) return;
    if (to === echoUserId) return this.#dialEcho(options.video);
    try {
      this.#show(await this.#options.client.call(to, options));
    } catch (error) {
      // A call that came to be shows its own failure; only one that never did needs words here.
      if (this.current.value?.call.failure !== error) this.problem.set(sentenceFor(error));
    }
  }

  async answer(video: boolean): Promise<void> {
    const session = this.incoming.value;
    if (!session) return;
    if (this.busy) this.current.value?.call.hangUp();
    this.#drop(session);
    this.current.set(session);
    await session.answer(video);
  }

  decline(): void {
    const session = this.incoming.value;
    if (!session) return;
    this.#drop(session);
    session.call.decline();
  }

  /** Puts one of those that ring as well in front of the others. */
  bringForward(session: CallSession): void {
    if (!this.#rings().includes(session)) return;
    this.#setRings([...this.#rings().filter((ring) => ring !== session), session]);
  }

  /** Puts an ended call off the screen. */
  close(): void {
    if (!this.busy) this.current.set(undefined);
  }

  /** The page goes away. A call that was answered may be gone on with by the next one, and ends soon if it is not. */
  leavePage(): void {
    const call = this.current.value?.call;
    if (call?.startedAtMs === undefined) call?.hangUp();
  }

  /** The page before this one was in that call. */
  async #return(call: Call): Promise<void> {
    this.#show(call);
    const session = this.current.value;
    await session?.attempt(() => call.rejoin());
  }

  #show(call: Call): void {
    if (this.current.value?.call === call) return;
    this.#options.onPeer(call);
    const ringing = this.#rings().find((ring) => ring.call === call);
    // A peer who rang while this user dialled them is answered by that.
    if (ringing) this.#drop(ringing);
    this.current.set(ringing ?? new CallSession(call));
  }

  #ring(call: Call): void {
    this.#options.onPeer(call);
    const session = new CallSession(call);
    this.notice.set(undefined);
    this.#setRings([...this.#rings(), session]);
    call.on("ended", ({ reason, by }) => {
      // What its own user did to it took it off the screen before.
      if (!this.#rings().includes(session)) return;
      this.#drop(session);
      if (!reason) return;
      const name = this.#options.nameOf(call.peer);
      const why = endSentence({ endReason: reason, endedBy: by, direction: call.direction }, name);
      // What the caller did, or ran into, names them already.
      this.notice.set(why.includes(name) ? why : say.incoming.stopped(name, why));
    });
  }

  #rings(): readonly CallSession[] {
    const front = this.incoming.value;
    return front ? [...this.waiting.value, front] : [];
  }

  #setRings(rings: readonly CallSession[]): void {
    // The one in front last: a reader of both cells in between finds a ring twice rather than not at all.
    this.waiting.set(rings.slice(0, -1));
    this.incoming.set(rings[rings.length - 1]);
  }

  #drop(session: CallSession): void {
    this.#setRings(this.#rings().filter((ring) => ring !== session));
  }

  async #dialEcho(video: boolean): Promise<void> {
    const call = new LoopbackCall(video);
    this.current.set(new CallSession(call));
    await call.start();
  }
}
