/** Versions of calls that sessions were told of, at most; the oldest are forgotten first. */
export const gatedMax = 200_000;

/** Lets nothing older through to a session than what it has heard of the same call. */
export class VersionGate {
  readonly #told = new Map<string, readonly [gen: number, rev: number]>();

  passes(callId: string, session: string, gen: number, rev: number): boolean {
    const key = `${callId} ${session}`;
    const told = this.#told.get(key);
    if (told && (gen < told[0] || (gen === told[0] && rev < told[1]))) return false;
    this.#told.delete(key);
    this.#told.set(key, [gen, rev]);
    if (this.#told.size > gatedMax) {
      const [oldest] = this.#told.keys();
      if (oldest !== undefined) this.#told.delete(oldest);
    }
    return true;
  }

  clear(): void {
    this.#told.clear();
  }
}
