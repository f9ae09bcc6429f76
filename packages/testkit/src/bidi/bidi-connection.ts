import { WebSocket } from "ws";
import { withDeadline } from "../platform.ts";

/** How long one command may take: a page may load for it, or answer a promise. */
const commandDeadlineMs = 30_000;

interface Reply {
  readonly type: "success" | "error" | "event";
  readonly id?: number;
  readonly result?: unknown;
  readonly error?: string;
  readonly message?: string;
  readonly method?: string;
  readonly params?: unknown;
}

/** Commands to a browser, and its events, by WebDriver BiDi (https://www.w3.org/TR/webdriver-bidi/): what drives Firefox. */
export class BidiConnection {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  readonly #listeners = new Map<string, ((params: never) => void)[]>();
  #lastId = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on("message", (data) => this.#received(JSON.parse(String(data)) as Reply));
    socket.on("error", () => {});
    socket.on("close", () => {
      for (const { reject } of this.#waiting.values()) reject(new Error("the browser is gone"));
      this.#waiting.clear();
    });
  }

  static async open(url: string): Promise<BidiConnection> {
    const socket = new WebSocket(url);
    await new Promise<void>((resolve, reject) => {
      socket.once("open", () => resolve());
      socket.once("error", reject);
    });
    return new BidiConnection(socket);
  }

  command<T>(method: string, params: object = {}): Promise<T> {
    this.#lastId += 1;
    const id = this.#lastId;
    const result = new Promise<unknown>((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
    this.#socket.send(JSON.stringify({ id, method, params }));
    return withDeadline(result as Promise<T>, commandDeadlineMs, () => `the browser did not answer ${method}`);
  }

  on<T>(event: string, listener: (params: T) => void): void {
    this.#listeners.set(event, [...(this.#listeners.get(event) ?? []), listener as (params: never) => void]);
  }

  close(): void {
    this.#socket.close();
  }

  #received(reply: Reply): void {
    if (reply.type === "event") {
      for (const listener of this.#listeners.get(reply.method ?? "") ?? []) listener(reply.params as never);
      return;
    }
    const waiting = this.#waiting.get(reply.id ?? 0);
    this.#waiting.delete(reply.id ?? 0);
    if (reply.type === "success") waiting?.resolve(reply.result);
    else waiting?.reject(new Error(`${reply.error}: ${reply.message}`));
  }
}
