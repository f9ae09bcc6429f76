import { realClock } from "../platform.ts";

/** Longer strings (SDP above all) are shown by their beginning and length. */
const shownChars = 48;
const maxRows = 20_000;

/** What peers sent and received, in order, as rows that a person can read. Several peers may share one. */
export class Transcript {
  readonly #startMs = realClock.steady();
  readonly #rows: string[] = [];

  add(peer: string, direction: "sent" | "received" | "event", what: unknown): void {
    if (this.#rows.length >= maxRows) return;
    const seconds = ((realClock.steady() - this.#startMs) / 1_000).toFixed(3).padStart(8);
    const arrow = { sent: ">", received: "<", event: "·" }[direction];
    this.#rows.push(`${seconds}s  ${peer} ${arrow} ${describe(what)}`);
  }

  rows(): readonly string[] {
    return this.#rows;
  }

  toString(): string {
    return this.#rows.length === 0 ? "(nothing was sent or received)" : this.#rows.join("\n");
  }
}

function describe(what: unknown): string {
  if (typeof what === "string") return shortened(what);
  if (typeof what !== "object" || what === null) return String(what);
  const { type, ...fields } = what as { type?: unknown };
  const shown = JSON.stringify(fields, (_, value) => (typeof value === "string" ? shortened(value) : value));
  return `${typeof type === "string" ? type : "(no type)"} ${shown}`;
}

function shortened(text: string): string {
  return text.length <= shownChars ? text : `${text.slice(0, shownChars)}… (${text.length} chars)`;
}
