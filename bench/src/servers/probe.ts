import type { ChildProcess } from "node:child_process";

/** What is left after a collection. */
export interface Memory {
  readonly rss: number;
  readonly heapUsed: number;
  readonly external: number;
  /** Timers, sockets and files that keep the event loop going. */
  readonly resources: number;
}

/** Where the time goes, or who asks for memory. */
export type ProfileKind = "Cpu" | "Heap";

type Ask = "memory" | "startCpu" | "stopCpu" | "startHeap" | "stopHeap";
interface Reply {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: string;
}

/** Asks a measured server what only it knows: the other end is probe.mjs. */
export class Probe {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  #lastId = 0;

  constructor(child: ChildProcess) {
    this.#child = child;
    child.on("message", (reply: Reply) => {
      const waiting = this.#waiting.get(reply.id);
      this.#waiting.delete(reply.id);
      if (reply.error === undefined) waiting?.resolve(reply.value);
      else waiting?.reject(new Error(reply.error));
    });
    child.once("exit", () => {
      for (const { reject } of this.#waiting.values()) reject(new Error("the server ended before it answered"));
    });
  }

  async memory(): Promise<Memory> {
    return (await this.#ask("memory")) as Memory;
  }

  async start(kind: ProfileKind): Promise<void> {
    await this.#ask(`start${kind}`);
  }

  /** Writes the profile since `start`. */
  async stop(kind: ProfileKind, file: string): Promise<void> {
    await this.#ask(`stop${kind}`, file);
  }

  #ask(ask: Ask, file?: string): Promise<unknown> {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#child.send({ id, ask, file }, (error) => {
        if (error !== null) reject(error);
      });
    });
  }
}
