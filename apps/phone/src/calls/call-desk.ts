import type { Call, EchooClient } from "@echoo/client";
import { echoUserId } from "@echoo/protocol";
import { say } from "../sentences/say.ts";
import { codeOf, sentenceFor } from "../sentences/sentence-for.ts";
import { Cell } from "../state/cell.ts";
import { CallSession } from "./call-session.ts";
import { LoopbackCall } from "./loopback-call.ts";

interface DeskOptions {
  readonly client: EchooClient;
  readonly nameOf: (userId: string) => string;
  /** A call ended: histories have changed. */
  readonly onEnded: () => void;
}

/** Takes calls and places them: at most one is on the screen, and at most one rings. */
export class CallDesk {
  readonly current = new Cell<CallSession | undefined>(undefined);
  readonly incoming = new Cell<CallSession | undefined>(undefined);
  /** What became of a ring that stopped without this person's doing. */
  readonly notice = new Cell<string | undefined>(undefined);
  /** Why a call could not even begin. */
  readonly problem = new Cell<string | undefined>(undefined);
  readonly #options: DeskOptions;

  constructor(options: DeskOptions) {
    this.#options = options;
    options.client.on("incoming", (call) => this.#ring(call));
    options.client.on("call", (call) => this.#onCall(call));
  }

  /** Whether a call is on the screen that has not ended. */
  get busy(): boolean {
    const call = this.current.value?.call;
    return call !== undefined && call.state !== "ended";
  }

  async dial(to: string, options: { readonly video: boolean; readonly supersede?: boolean }): Promise<void> {
    if (this.busy) return;
    this.problem.set(undefined);
    this.notice.set(undefined);
    if (to === echoUserId) return this.#dialEcho(options.video);
    try {
      const call = await this.#options.client.call(to, options);
      this.#show(call);
    } catch (error) {
      // A call that came to be shows its own failure; only one that never did needs words here.
      if (this.current.value?.call.failure === undefined) this.problem.set(sentenceFor(error));
    }
  }

  async answer(video: boolean): Promise<void> {
    const session = this.incoming.value;
    if (!session) return;
    if (this.busy) this.current.value?.call.hangUp();
    this.incoming.set(undefined);
    this.current.set(session);
    await session.attempt(() => session.call.answer({ video }));
  }

  decline(): void {
    const session = this.incoming.value;
    this.incoming.set(undefined);
    session?.call.decline();
  }

  /** Puts an ended call off the screen. */
  close(): void {
    if (!this.busy) this.current.set(undefined);
  }

  /** Whether the last call was refused because its user has another one elsewhere. */
  get refusedForOther(): boolean {
    return codeOf(this.current.value?.call.failure) === "already_in_call";
  }

  #onCall(call: Call): void {
    if (call.state === "ended") this.#options.onEnded();
    else if (call.direction === "outgoing") this.#show(call);
  }

  #show(call: Call): void {
    if (this.current.value?.call !== call) this.current.set(new CallSession(call));
  }

  #ring(call: Call): void {
    const session = new CallSession(call);
    this.notice.set(undefined);
    this.incoming.set(session);
    call.on("ended", () => {
      if (this.incoming.value !== session) return;
      this.incoming.set(undefined);
      const why = call.endReason ? say.endReason[call.endReason] : undefined;
      if (why && call.endedBy !== "self") this.notice.set(say.incoming.stopped(this.#options.nameOf(call.peer), why));
    });
  }

  async #dialEcho(video: boolean): Promise<void> {
    const call = new LoopbackCall(video);
    const session = new CallSession(call);
    this.current.set(session);
    await session.attempt(() => call.start());
  }
}
