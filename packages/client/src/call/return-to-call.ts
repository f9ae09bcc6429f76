import { EchooError } from "../echoo-error.ts";
import type { CallMedia } from "../media/call-media.ts";
import type { ReturningCall } from "../peer/call-port.ts";

/** How a page goes on with a call that the page before it was in. */
export class ReturnToCall {
  /** Whether the call had media before this page did. */
  readonly wasLeft: boolean;
  #pending: ReturningCall | undefined;
  #isRunning = false;

  constructor(returning: ReturningCall | undefined) {
    this.wasLeft = returning !== undefined;
    this.#pending = returning;
  }

  /** As the page before left it, until this one has its devices. */
  get pending(): ReturningCall | undefined {
    return this.#pending;
  }

  /** Once; throws where there is nothing to return to. */
  begin(): void {
    if (this.#pending === undefined || this.#isRunning) throw new EchooError("too_late");
    this.#isRunning = true;
  }

  /** Opens what was on, and offers the peer a new connection. */
  async run(parts: CallMedia, side: { readonly video: boolean; readonly polite: boolean }): Promise<void> {
    const pending = this.#pending;
    if (pending === undefined) return;
    await parts.local.setAudio(pending.audio);
    await parts.local.open({ video: pending.video });
    this.#pending = undefined;
    await parts.connection.rejoin({ ...side, after: pending.neg });
  }
}
