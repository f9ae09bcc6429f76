import type { Entropy } from "../connection/entropy.ts";
import type { KeptCall, KeptTab, TabMemory } from "./tab-memory.ts";

/** Who this client is on the wire: the same device after a reload, another one in another tab. */
export class TabKeeper {
  readonly #memory: TabMemory | undefined;
  #claim: Promise<void> | undefined;
  #deviceId: string;
  #kept: KeptTab | undefined;

  constructor(memory: TabMemory | undefined, deviceId: string | undefined, entropy: Entropy) {
    this.#memory = memory;
    this.#deviceId = deviceId ?? entropy.uuid();
  }

  get deviceId(): string {
    return this.#deviceId;
  }

  /** Of the page before this one, until this one has joined. */
  get session(): string | undefined {
    return this.#kept?.session;
  }

  get calls(): readonly KeptCall[] {
    return this.#kept?.calls ?? [];
  }

  /** What a join has to wait for, if anything. */
  ready(): Promise<void> | undefined {
    if (this.#memory === undefined) return undefined;
    this.#claim ??= this.#memory.claim().then((kept) => {
      this.#deviceId = kept.deviceId;
      this.#kept = kept;
    });
    return this.#claim;
  }

  /** Whose the calls of the page before were is settled. */
  joined(): void {
    this.#kept = undefined;
  }

  remember(session: string | undefined, calls: readonly KeptCall[]): void {
    this.#memory?.write({ deviceId: this.#deviceId, session, calls });
  }

  forget(): void {
    this.#memory?.forget();
  }

  release(): void {
    this.#memory?.release();
    this.#claim = undefined;
  }
}
