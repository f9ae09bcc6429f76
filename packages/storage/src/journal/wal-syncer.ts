import { closeSync, fdatasync, openSync } from "node:fs";
import type { Clock } from "@echoo/core";

/** How long after a commit its sync begins; the promise of 20 ms leaves the rest to the disk. */
const syncDelayMs = 10;

/**
 * Brings commits to the disk itself, so that a power loss takes at most the last 20 ms. The sync runs in the thread
 * pool: the event loop never waits for the disk. SQLite keeps no lock on its write-ahead log, so that a descriptor
 * of one's own may be opened and closed.
 */
export class WalSyncer {
  readonly #descriptor: number;
  readonly #clock: Clock;
  readonly #onFault: (error: unknown) => void;
  #cancel: (() => void) | undefined;
  #running: Promise<void> | undefined;
  #isDirty = false;

  constructor(walPath: string, clock: Clock, onFault: (error: unknown) => void) {
    this.#descriptor = openSync(walPath, "r+");
    this.#clock = clock;
    this.#onFault = onFault;
  }

  /** Something was committed. */
  wrote(): void {
    this.#isDirty = true;
    if (this.#cancel !== undefined || this.#running !== undefined) return;
    this.#cancel = this.#clock.after(syncDelayMs, () => {
      this.#cancel = undefined;
      this.#sync();
    });
  }

  /** Whether something was committed that no sync has begun to bring to the disk. */
  get isDirty(): boolean {
    return this.#isDirty;
  }

  /** Resolves when no sync is under way. */
  async settled(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
  }

  /** Ends after the sync under way; the owner brings the rest to the disk by closing the file. */
  async close(): Promise<void> {
    this.#cancel?.();
    this.#isDirty = false;
    await this.settled();
    closeSync(this.#descriptor);
  }

  #sync(): void {
    this.#isDirty = false;
    this.#running = new Promise((resolve) => {
      fdatasync(this.#descriptor, (error) => {
        this.#running = undefined;
        if (error) this.#onFault(error);
        // What was committed meanwhile has waited already.
        if (this.#isDirty) this.#sync();
        resolve();
      });
    });
  }
}
