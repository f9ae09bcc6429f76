import type { RemoteScripts } from "@echoo/core";
import { ownWaitingRecordsMax } from "../bounds.ts";

/** Records that wait in the store and that this node gives to the database itself. */
export class OwnRecords {
  readonly #scripts: Pick<RemoteScripts, "recordsStored">;
  /** Their ids, by call. */
  readonly #waiting = new Map<string, string>();

  constructor(scripts: Pick<RemoteScripts, "recordsStored">) {
    this.#scripts = scripts;
  }

  add(callId: string, recordId: string): void {
    this.#waiting.set(callId, recordId);
    if (this.#waiting.size <= ownWaitingRecordsMax) return;
    const [oldest] = this.#waiting.keys();
    if (oldest !== undefined) this.#waiting.delete(oldest);
  }

  /** The database has the records of these calls: they need not be given to it by others. */
  stored(callIds: readonly string[]): void {
    const ids = callIds.flatMap((callId) => this.#waiting.get(callId) ?? []);
    for (const callId of callIds) this.#waiting.delete(callId);
    // Where it is not told they are given to the database once more, which changes nothing.
    if (ids.length > 0) this.#scripts.recordsStored(ids).catch(() => {});
  }
}
