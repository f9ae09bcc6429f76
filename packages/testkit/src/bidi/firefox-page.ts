import type { BidiConnection } from "./bidi-connection.ts";

interface Evaluated {
  readonly type: "success" | "exception";
  readonly result?: { readonly type: string; readonly value?: unknown };
  readonly exceptionDetails?: { readonly text: string };
}

interface LogEntry {
  readonly level: string;
  readonly text: string | null;
  readonly source: { readonly context?: string };
}

/** One page of Firefox. What runs in it is a function without anything from around it, as with other drivers. */
export class FirefoxPage {
  /** What the page complained about. */
  readonly complaints: string[] = [];
  readonly #bidi: BidiConnection;
  readonly #context: string;

  constructor(bidi: BidiConnection, context: string) {
    this.#bidi = bidi;
    this.#context = context;
    bidi.on<LogEntry>("log.entryAdded", ({ level, text, source }) => {
      if (source.context === context && level === "error") this.complaints.push(text ?? "");
    });
  }

  /** Runs in every document of this page from now on, before its own scripts. */
  async addInitScript(script: () => void): Promise<void> {
    await this.#bidi.command("script.addPreloadScript", {
      functionDeclaration: String(script),
      contexts: [this.#context],
    });
  }

  async goto(url: string): Promise<void> {
    await this.#bidi.command("browsingContext.navigate", { context: this.#context, url, wait: "complete" });
  }

  async reload(): Promise<void> {
    await this.#bidi.command("browsingContext.reload", { context: this.#context, wait: "complete" });
  }

  /** Closes the tab, as its user does who does not mind a warning. */
  async close(): Promise<void> {
    await this.#bidi.command("browsingContext.close", { context: this.#context, promptUnload: false });
  }

  /** The result travels as JSON. The page takes it for something that its user did. */
  async evaluate<T, A extends readonly unknown[]>(run: (...args: A) => T, ...args: A): Promise<Awaited<T>> {
    const evaluated = await this.#bidi.command<Evaluated>("script.callFunction", {
      functionDeclaration: `async (given) => JSON.stringify(await (${String(run)})(...JSON.parse(given)))`,
      arguments: [{ type: "string", value: JSON.stringify(args) }],
      target: { context: this.#context },
      awaitPromise: true,
      userActivation: true,
    });
    if (evaluated.type === "exception") throw new Error(evaluated.exceptionDetails?.text ?? "the page threw");
    const { result } = evaluated;
    return (result?.type === "string" ? JSON.parse(String(result.value)) : undefined) as Awaited<T>;
  }
}
