import assert from "node:assert/strict";
import type { ClientSocket, EchooErrorCode } from "@echoo/client";
import { type ClientMessage, parseClientMessage, type ServerMessage, serverSchemas } from "@echoo/protocol";

export type Sent = ClientMessage & { readonly n?: number | undefined };

/** The server's end of one socket, driven message by message. What the client sends is checked by the real schemas. */
export class ScriptedSocket implements ClientSocket {
  onopen: ((event: never) => void) | null = null;
  onmessage: ((event: never) => void) | null = null;
  onclose: ((event: never) => void) | null = null;
  onerror: ((event: never) => void) | null = null;
  readonly url: string;
  readonly received: Sent[] = [];
  closed = false;
  readonly #answersPings: boolean;

  constructor(url: string, options: { readonly answersPings: boolean }) {
    this.url = url;
    this.#answersPings = options.answersPings;
  }

  /** From the client. */
  send(frame: string): void {
    assert(!this.closed, "wrote to a closed socket");
    const parsed = parseClientMessage(frame);
    assert(parsed.ok, `not a valid message: ${frame}`);
    this.received.push(parsed.message);
    if (parsed.message.type === "ping" && this.#answersPings) this.say({ type: "pong", time: 0 });
  }

  /** From the client. A real socket tells its handlers later, if they are still there. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    queueMicrotask(() => this.onclose?.({ code: 1000 } as never));
  }

  open(): void {
    this.onopen?.({} as never);
  }

  /** To the client. The server's own schema keeps the script honest. */
  say(message: ServerMessage): void {
    const checked = serverSchemas.get(message.type)?.safeParse(message);
    assert(checked?.success, `the script says what no server would: ${JSON.stringify(message)}`);
    this.sayRaw(JSON.stringify(message));
  }

  sayRaw(data: unknown): void {
    this.onmessage?.({ data } as never);
  }

  /** The connection ends, by a close frame of the server or, with 1006, by a broken network. */
  drop(code: number): void {
    this.closed = true;
    this.onclose?.({ code } as never);
  }

  types(): string[] {
    return this.received.map((message) => message.type);
  }

  /** The newest message of a type, which must be there. */
  last<T extends Sent["type"]>(type: T): Extract<Sent, { type: T }> {
    const found = this.received.filter((message) => message.type === type).at(-1);
    assert(found !== undefined, `no ${type} among ${this.types().join(", ")}`);
    return found as Extract<Sent, { type: T }>;
  }
}

/** Every socket that a client opened, oldest first. */
export class ScriptedServer {
  readonly sockets: ScriptedSocket[] = [];
  /** Whether sockets answer pings by themselves, for tests that let much time pass. */
  answersPings = false;
  /** What it says of sockets that do not open, to those who ask. */
  refusal: EchooErrorCode = "offline";

  readonly accept = (url: string): ScriptedSocket => {
    const socket = new ScriptedSocket(url, this);
    this.sockets.push(socket);
    return socket;
  };

  get socket(): ScriptedSocket {
    const socket = this.sockets.at(-1);
    assert(socket !== undefined, "the client opened no socket");
    return socket;
  }
}
