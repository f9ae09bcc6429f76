import type { Log } from "@echoo/core";

interface DamageParts {
  readonly logger: Log<"error">;
  readonly metrics: { damageMet(file: string): void };
}

/**
 * What is known to be damaged. Each file is named in the log once, however many requests meet it; the others are counted.
 * A restart begins anew: whatever is still damaged is met again.
 */
export class Damage {
  readonly #parts: DamageParts;
  readonly #files = new Map<string, string>();

  constructor(parts: DamageParts) {
    this.#parts = parts;
  }

  /** `file` is its name in the data folder. */
  met(file: string, sentence: string, err?: unknown): void {
    this.#parts.metrics.damageMet(file);
    if (this.#files.has(file)) return;
    this.#files.set(file, sentence);
    this.#parts.logger.error({ file, ...(err === undefined ? {} : { err }) }, sentence);
  }

  has(file: string): boolean {
    return this.#files.has(file);
  }

  /** For health: what is damaged, and what to do. */
  problems(): readonly { readonly code: string; readonly message: string }[] {
    return [...this.#files.values()].map((message) => ({ code: "file_damaged", message }));
  }
}
