import type { UserFacts, UserFactsSource } from "@echoo/core";

const stranger: UserFacts = {
  registered: true,
  presence: "everyone",
  doNotDisturb: false,
  blocked: new Map(),
  contacts: new Set(),
};

/** The facts about all users in a scenario. One that was not described is reachable, visible and blocks no user. */
export class ScenarioUserFacts implements UserFactsSource {
  readonly #facts = new Map<string, UserFacts>();
  /** How often each is held. */
  readonly #held = new Map<string, number>();
  /** Those of them who were read since. */
  readonly #read = new Set<string>();
  /** While set, reading takes until it is fulfilled, and no other user is in memory. */
  #gate: Promise<void> | undefined;
  #open: () => void = () => {};
  #isAway = false;

  describe(user: string, facts: Partial<UserFacts>): void {
    this.#facts.set(user, { ...(this.#facts.get(user) ?? stranger), ...facts });
  }

  /** From now on the database answers nothing, until `databaseAnswers`. */
  databaseHangs(): void {
    this.#gate ??= new Promise((resolve) => {
      this.#open = resolve;
    });
  }

  /** From now on it can be read again, and what was asked meanwhile is answered: by nothing, where it went away. */
  databaseAnswers({ isAway = false } = {}): void {
    this.#isAway = isAway;
    this.#gate = undefined;
    this.#open();
  }

  /** A new process has read no user, and all have to join anew. */
  restarted(): void {
    this.#held.clear();
    this.#read.clear();
  }

  cached(user: string): UserFacts | undefined {
    const isInMemory = this.#read.has(user) || !(this.#gate || this.#isAway);
    return isInMemory ? (this.#facts.get(user) ?? stranger) : undefined;
  }

  async load(user: string): Promise<UserFacts | undefined> {
    const known = this.#read.has(user) ? this.cached(user) : undefined;
    if (known) return known;
    await this.#gate;
    if (this.#isAway) return undefined;
    if (this.#held.has(user)) this.#read.add(user);
    return this.#facts.get(user) ?? stranger;
  }

  async refresh(): Promise<void> {}

  hold(user: string): void {
    this.#held.set(user, (this.#held.get(user) ?? 0) + 1);
  }

  release(user: string): void {
    const times = (this.#held.get(user) ?? 0) - 1;
    if (times > 0) {
      this.#held.set(user, times);
      return;
    }
    this.#held.delete(user);
    this.#read.delete(user);
  }
}
