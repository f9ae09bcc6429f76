import { say, seconds } from "../setup/say.mjs";

/** @param {number} code */
const isZero = (code) => code === 0;

/** @param {unknown} error */
function complain(error) {
  say(error instanceof Error ? error.message : String(error));
  return false;
}

/**
 * Collects what came of the steps and test runs, and ends with the one line that sums them up.
 */
export class Session {
  #passed = 0;
  #failed = 0;
  /** @type {string[]} */
  #skipped = [];
  /** @type {string[]} */
  #failures = [];
  /** @type {string[]} */
  #times = [];

  /**
   * A step that passes or fails as a whole.
   * @param {string} name
   * @param {() => Promise<number>} work resolves with an exit code
   */
  async step(name, work) {
    await this.phase(name, async () => {
      const ok = await work().then(isZero, complain);
      return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: [] };
    });
  }

  /**
   * Steps that do not need each other, side by side.
   * @param {readonly import("./house-steps.mjs").Step[]} steps
   */
  async together(steps) {
    await Promise.all(steps.map((step) => this.step(step.name, step.run)));
  }

  /**
   * Work that counts for itself.
   * @param {string} name
   * @param {() => Promise<import("./run-job.mjs").Counts>} work
   */
  async phase(name, work) {
    const startedMs = Date.now();
    say(`${name}…`);
    const counts = await work();
    this.#passed += counts.passed;
    this.#failed += counts.failed;
    this.#skipped.push(...counts.skipped);
    if (counts.failed > 0) this.#failures.push(name);
    const took = seconds(startedMs);
    this.#times.push(`${name} ${took}`);
    say(`${name}: ${counts.failed > 0 ? "FAILED" : "ok"} (${took})`);
  }

  /** Prints the summary, its last line being the counts, and sets the exit code. */
  end() {
    const lines = [`Times: ${this.#times.join(", ")}`];
    for (const test of this.#skipped) lines.push(`SKIPPED: ${test}`);
    if (this.#failures.length > 0) lines.push(`Failed: ${this.#failures.join(", ")}`);
    process.exitCode = this.#failed > 0 ? 1 : 0;
    console.log(`\n${lines.join("\n")}\n${this.#passed} passed, ${this.#failed} failed`);
  }
}
