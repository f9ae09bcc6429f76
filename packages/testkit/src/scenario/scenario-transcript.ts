import assert from "node:assert/strict";
import { seconds } from "./describe-message.ts";

interface Row {
  readonly atMs: number;
  readonly label: string;
  readonly notes: string[];
}

/** What happens in a scenario, as rows: when, what a device did, and what each device got because of it. */
export class ScenarioTranscript {
  readonly #now: () => number;
  #startMs: number | undefined;
  #rows: Row[] = [];
  #isOpen = false;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** What was noted so far is of no interest; time starts here. */
  restart(): void {
    this.#rows = [];
    this.#isOpen = false;
    this.#startMs = this.#now();
  }

  open(label: string): void {
    this.#startMs ??= this.#now();
    this.#rows.push({ atMs: this.#now(), label, notes: [] });
    this.#isOpen = true;
  }

  /** What is noted from now on belongs to no row but one of its own time. */
  close(): void {
    this.#isOpen = false;
  }

  note(text: string): void {
    const last = this.#rows.at(-1);
    if (!last || (!this.#isOpen && (last.label !== "…" || last.atMs !== this.#now()))) {
      this.#startMs ??= this.#now();
      this.#rows.push({ atMs: this.#now(), label: "…", notes: [text] });
    } else last.notes.push(text);
  }

  toString(): string {
    const start = this.#startMs ?? 0;
    const width = Math.max(0, ...this.#rows.map(({ label }) => label.length));
    const rows = this.#rows.map(({ atMs, label, notes }) => {
      const cells = [label.padEnd(width), ...notes].join(" | ");
      return `${seconds(atMs - start).padEnd(5)} ${cells}`.trimEnd();
    });
    return rows.join("\n");
  }

  /** Compares with the rows a test expects; only the width of the columns is free. */
  expect(rows: string): void {
    assert.deepEqual(normalised(this.toString()), normalised(rows), `\n${this.toString()}\n`);
  }
}

function normalised(rows: string): string[] {
  return rows
    .split("\n")
    .map((row) => row.trim().replace(/\s+/g, " "))
    .filter((row) => row !== "");
}
