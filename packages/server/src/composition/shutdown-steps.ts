interface Step {
  readonly name: string;
  readonly run: () => void | Promise<void>;
}

/** What was started, to be stopped in the opposite order. A step that fails keeps none of the others from running. */
export class ShutdownSteps {
  readonly #steps: Step[] = [];
  readonly #onFault: (error: unknown, step: string) => void;

  constructor(onFault: (error: unknown, step: string) => void) {
    this.#onFault = onFault;
  }

  add(name: string, run: () => void | Promise<void>): void {
    this.#steps.push({ name, run });
  }

  /** Runs each step once, however often it is called. */
  async run(): Promise<void> {
    for (let step = this.#steps.pop(); step; step = this.#steps.pop()) {
      try {
        await step.run();
      } catch (error) {
        this.#onFault(error, step.name);
      }
    }
  }
}
