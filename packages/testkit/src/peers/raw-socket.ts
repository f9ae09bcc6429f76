import { connect, type Socket } from "node:net";
import { connect as connectSecurely } from "node:tls";
import { defaultDeadlineMs, withDeadline } from "../platform.ts";
import { decodeFrames, encodeFrame, type FrameOptions, opcodes, type ServerFrame } from "./websocket-frame.ts";

export interface RawEnd {
  /** The status of the close frame, where one came. */
  readonly closeCode?: number;
}

/** A bare TCP connection that can say anything: half handshakes, forbidden frames, one byte at a time. */
export class RawSocket {
  readonly #socket: Socket;
  readonly #host: string;
  readonly #ended: Promise<void>;
  #bytes: Buffer = Buffer.alloc(0);
  #frames: ServerFrame[] = [];
  #onBytes = () => {};
  #upgraded = false;

  private constructor(socket: Socket, host: string) {
    this.#socket = socket;
    this.#host = host;
    socket.setNoDelay(true);
    socket.on("data", (bytes) => this.#received(bytes));
    // The server may well cut a hostile connection by a reset.
    socket.on("error", () => {});
    this.#ended = new Promise((resolve) => socket.once("close", () => resolve()));
    void this.#ended.then(() => this.#onBytes());
  }

  /** Connects to the host and port of a URL, with TLS for https: and whatever certificate it shows, and says nothing. */
  static async connect(url: string, test?: { after(run: () => void): void }): Promise<RawSocket> {
    const { protocol, hostname, port, host } = new URL(url);
    const secure = protocol === "https:";
    const to = { port: Number(port), host: hostname };
    const socket = secure ? connectSecurely({ ...to, rejectUnauthorized: false }) : connect(to);
    const raw = new RawSocket(socket, host);
    test?.after(() => raw.destroy());
    await new Promise<void>((resolve, reject) => {
      socket.once(secure ? "secureConnect" : "connect", resolve);
      socket.once("error", reject);
    });
    return raw;
  }

  /** Sends a proper upgrade request, `headers` added or replaced, and gives the status of the reply. */
  async upgrade(path = "/", headers: Readonly<Record<string, string>> = {}): Promise<number> {
    const all = {
      Host: this.#host,
      Connection: "Upgrade",
      Upgrade: "websocket",
      "Sec-WebSocket-Version": "13",
      "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
      ...headers,
    };
    const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
    this.write(`GET ${path} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`);
    return this.#status();
  }

  write(bytes: Uint8Array | string): void {
    if (!this.#socket.destroyed) this.#socket.write(bytes);
  }

  /** Writes much, and resolves when the kernel took it or the server hung up. */
  async writeAll(bytes: Uint8Array | string): Promise<void> {
    if (this.#socket.destroyed) return;
    const written = new Promise<void>((resolve) => this.#socket.write(bytes, () => resolve()));
    await withDeadline(Promise.race([written, this.#ended]), defaultDeadlineMs, () => "the server reads nothing");
  }

  frame(options: FrameOptions): void {
    this.write(encodeFrame(options));
  }

  /** The JSON of the next text frame; undefined once the connection is gone. */
  async nextMessage(): Promise<Record<string, unknown> | undefined> {
    return this.#until(() => {
      const at = this.#frames.findIndex(({ opcode }) => opcode === opcodes.text);
      if (at < 0) return undefined;
      const [frame] = this.#frames.splice(at, 1);
      return JSON.parse(String(frame?.payload)) as Record<string, unknown>;
    }, "a text frame");
  }

  /** Waits until the server ends the connection. */
  async closed(deadlineMs = defaultDeadlineMs): Promise<RawEnd> {
    await withDeadline(this.#ended, deadlineMs, () => `the server kept the connection for ${deadlineMs} ms`);
    const close = this.#frames.find(({ opcode }) => opcode === opcodes.close);
    return close !== undefined && close.payload.length >= 2 ? { closeCode: close.payload.readUInt16BE(0) } : {};
  }

  /** Ends this side's half, as `nc` does at the end of its input. */
  end(): void {
    this.#socket.end();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  async #status(): Promise<number> {
    const head = await this.#until(() => {
      const end = this.#bytes.indexOf("\r\n\r\n");
      if (end < 0) return undefined;
      const text = this.#bytes.subarray(0, end).toString("latin1");
      this.#bytes = this.#bytes.subarray(end + 4);
      return text;
    }, "the reply to the upgrade");
    const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(head ?? "")?.[1] ?? 0);
    this.#upgraded = status === 101;
    this.#received(Buffer.alloc(0));
    return status;
  }

  #received(bytes: Buffer): void {
    this.#bytes = Buffer.concat([this.#bytes, bytes]);
    if (this.#upgraded) {
      const { frames, rest } = decodeFrames(this.#bytes);
      this.#frames.push(...frames);
      this.#bytes = rest;
    }
    this.#onBytes();
  }

  /** Looks again whenever bytes come; undefined once none will. */
  async #until<T>(look: () => T | undefined, label: string): Promise<T | undefined> {
    const found = new Promise<T | undefined>((resolve) => {
      this.#onBytes = () => {
        const result = look();
        if (result !== undefined || this.#socket.destroyed) resolve(result);
      };
      this.#onBytes();
    });
    const result = await withDeadline(found, defaultDeadlineMs, () => `waited ${defaultDeadlineMs} ms for ${label}`);
    this.#onBytes = () => {};
    return result;
  }
}
