import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Where a canary must not be found: in nothing that is written for people to read, or in nothing that is stored either. */
type Reach = "logs" | "everything";

interface Canary {
  readonly name: string;
  readonly reach: Reach;
  readonly pattern: RegExp;
}

/** Secrets and private words that a test hands to the server, to see where they turn up again. */
export class Canaries {
  readonly #all: Canary[] = [];

  /** Remembers the text, and gives it back to be used. */
  add<T extends string>(name: string, text: T, reach: Reach = "everything"): T {
    // A short one, such as a code, may be a part of some longer number or id by chance.
    const escaped = text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    const pattern = text.length < 12 ? new RegExp(`(?<![\\w.-])${escaped}(?![\\w-])`) : new RegExp(escaped);
    this.#all.push({ name, reach, pattern });
    return text;
  }

  get count(): number {
    return this.#all.length;
  }

  /** What of them is in these logs, with the line around it. */
  inLogs(text: string): string[] {
    return text.split("\n").flatMap((line) => this.#all.flatMap((canary) => leak(canary, line)));
  }

  /** What of them is stored in clear. */
  inStored(where: string, bytes: string): string[] {
    const found = this.#all.filter(({ reach, pattern }) => reach === "everything" && pattern.test(bytes));
    return found.map(({ name }) => `${name} is stored in ${where}`);
  }
}

function leak({ name, pattern }: Canary, line: string): string[] {
  const found = pattern.exec(line);
  return found ? [`${name}: ${line.slice(Math.max(0, found.index - 300), found.index + 200)}`] : [];
}

/** Every file of a folder but the audit log, as text that keeps each byte. */
export function storedFiles(folder: string): { readonly name: string; readonly bytes: string }[] {
  return readdirSync(folder)
    .filter((name) => name !== "server-secret" && name !== "audit.log")
    .map((name) => ({ name, bytes: readFileSync(join(folder, name), "latin1") }));
}
