import type { Clock, Steady } from "@echoo/core";
import type { CopyProgress, TableName } from "@echoo/storage";

/** Where there is no terminal: a line for each tenth of a long table, and for each so much time. */
const linesPerTable = 10;
const longTable = 10_000;
const lineEveryMs = 5_000;
const redrawEveryMs = 100;

export interface ProgressOutput {
  /** A whole line. */
  readonly say: (line: string) => void;
  /** A terminal, if there is one, on which one line is drawn again and again. */
  readonly terminal: { write(text: string): void } | undefined;
  readonly clock: Pick<Clock, "steady">;
}

/** Shows how far a copy is. */
export class ProgressLine implements CopyProgress {
  readonly #output: ProgressOutput;
  #total = 0;
  #copied = 0;
  #shownTenths = 0;
  #shownAtMs: Steady;

  constructor(output: ProgressOutput) {
    this.#output = output;
    this.#shownAtMs = output.clock.steady();
  }

  begin(_table: TableName, total: number): void {
    [this.#total, this.#copied, this.#shownTenths] = [total, 0, 0];
  }

  advance(table: TableName, entries: number): void {
    this.#copied += entries;
    const nowMs = this.#output.clock.steady();
    const { terminal } = this.#output;
    if (terminal !== undefined) {
      if (nowMs - this.#shownAtMs < redrawEveryMs) return;
      this.#shownAtMs = nowMs;
      terminal.write(`\r\u001b[K${this.#words(table)}`);
      return;
    }
    const tenths = this.#total < longTable ? 0 : Math.floor((this.#share() * linesPerTable) / 100);
    if (tenths === this.#shownTenths && nowMs - this.#shownAtMs < lineEveryMs) return;
    [this.#shownTenths, this.#shownAtMs] = [tenths, nowMs];
    if (tenths < linesPerTable) this.#output.say(this.#words(table));
  }

  end(table: TableName): void {
    this.#output.terminal?.write("\r\u001b[K");
    this.#output.say(`${table}: ${this.#copied} copied`);
  }

  #share(): number {
    // The total is about right, and others may write.
    return this.#total === 0 ? 100 : Math.min(100, Math.floor((100 * this.#copied) / this.#total));
  }

  #words(table: TableName): string {
    return `${table}: ${this.#copied} of ${Math.max(this.#total, this.#copied)}, ${this.#share()} %`;
  }
}
