import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Webhook } from "standardwebhooks";
import { defaultDeadlineMs, withDeadline } from "../platform.ts";

/** An event as it came, and by which of the secrets it was signed. */
export interface ReceivedEvent {
  readonly id: string;
  readonly type: string;
  readonly sequence: number;
  readonly time: string;
  // biome-ignore lint/suspicious/noExplicitAny: each event has its own
  readonly data: any;
}

export interface ReceiverAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Takes webhooks as an operator's program does: it checks the signature first, and answers what it is told to. */
export class WebhookReceiver {
  /** Each time that an event was posted, in the order they came. */
  readonly posts: ReceivedEvent[] = [];
  /** Those that were answered with 2xx. */
  readonly taken: ReceivedEvent[] = [];
  /** What was wrong with a request. */
  readonly faults: string[] = [];
  /** May take its time; until it resolves the sender waits. */
  answer: (event: ReceivedEvent) => ReceiverAnswer | Promise<ReceiverAnswer> = () => ({ status: 204 });
  readonly secret: string;
  readonly #server = createServer((request, response) => void this.#take(request, response));
  readonly #waiting = new Set<() => void>();

  private constructor(secret: string) {
    this.secret = secret;
  }

  static async start(secret = "whsec_c2lnbmVkIGZvciB0ZXN0cyBhbG9uZQ==", port = 0): Promise<WebhookReceiver> {
    const receiver = new WebhookReceiver(secret);
    receiver.#server.listen(port, "127.0.0.1");
    await once(receiver.#server, "listening");
    return receiver;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/hook`;
  }

  /** Resolves once what has come is as wanted. */
  until(isWanted: (receiver: WebhookReceiver) => boolean, deadlineMs = defaultDeadlineMs): Promise<void> {
    const seen = new Promise<void>((resolve) => {
      const look = () => {
        if (!isWanted(this)) return;
        this.#waiting.delete(look);
        resolve();
      };
      this.#waiting.add(look);
      look();
    });
    const explain = () => `got ${JSON.stringify(this.posts.slice(-20), null, 1)} and ${this.faults.join("; ")}`;
    return withDeadline(seen, deadlineMs, explain);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const event = await this.#read(request);
      this.posts.push(event);
      this.#look();
      const { status, headers = {} } = await this.answer(event);
      if (status >= 200 && status < 300) this.taken.push(event);
      response.writeHead(status, headers).end();
    } catch (error) {
      this.faults.push(String(error));
      response.writeHead(400).end();
    }
    this.#look();
  }

  #look(): void {
    for (const look of [...this.#waiting]) look();
  }

  async #read(request: IncomingMessage): Promise<ReceivedEvent> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    const headers = request.headers as Record<string, string>;
    const event = new Webhook(this.secret).verify(body, headers) as ReceivedEvent;
    if (event.id !== headers["webhook-id"]) throw new Error(`the id ${event.id} is not that of the header`);
    return event;
  }
}
