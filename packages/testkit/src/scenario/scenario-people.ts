import type { People, PersonFacts } from "@echoo/core";

const stranger: PersonFacts = {
  registered: true,
  presence: "everyone",
  doNotDisturb: false,
  blocked: new Map(),
  contacts: new Set(),
};

/** The facts about everybody in a scenario. Whoever was not described is reachable, visible and blocks nobody. */
export class ScenarioPeople implements People {
  readonly #facts = new Map<string, PersonFacts>();
  /** While set, nobody is in memory, and reading them takes until it is fulfilled. */
  #gate: Promise<void> | undefined;
  #open: () => void = () => {};

  describe(user: string, facts: Partial<PersonFacts>): void {
    this.#facts.set(user, { ...(this.#facts.get(user) ?? stranger), ...facts });
  }

  /** From now on the database is slow, until `release`. */
  hold(): void {
    this.#gate ??= new Promise((resolve) => {
      this.#open = resolve;
    });
  }

  release(): void {
    this.#gate = undefined;
    this.#open();
  }

  cached(user: string): PersonFacts | undefined {
    return this.#gate ? undefined : (this.#facts.get(user) ?? stranger);
  }

  async load(user: string): Promise<PersonFacts> {
    await this.#gate;
    return this.#facts.get(user) ?? stranger;
  }

  async refresh(): Promise<void> {}
}
