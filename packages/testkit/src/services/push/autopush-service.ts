import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type WebSocket, WebSocketServer } from "ws";

interface Registration {
  readonly socket: WebSocket;
  readonly channelId: string;
}

interface ClientMessage {
  readonly messageType?: string;
  readonly uaid?: string;
  readonly channelID?: string;
  readonly updates?: readonly { readonly code?: number }[];
}

/**
 * The push service that a Firefox keeps a connection to, as far as it takes one to be: the bridge of Mozilla's autopush
 * between its WebSocket and RFC 8030. What is pushed stays encrypted: only the browser can read it.
 */
export class AutopushService {
  /** How many pushes were handed to a browser. */
  delivered = 0;
  /** How many of them it says that it could decrypt, and gave to a worker: its own code for that is 100. */
  readonly acknowledged: number[] = [];
  /** How many names were given out. */
  #names = 0;
  readonly #http = createServer((request, response) => void this.#take(request, response));
  readonly #sockets = new WebSocketServer({ server: this.#http, handleProtocols: () => "push-notification" });
  readonly #registrations = new Map<string, Registration>();

  static async start(): Promise<AutopushService> {
    const service = new AutopushService();
    service.#sockets.on("connection", (socket) => {
      socket.on("message", (data) => service.#heard(socket, String(data)));
    });
    service.#http.listen(0, "127.0.0.1");
    await once(service.#http, "listening");
    return service;
  }

  /** What Firefox is to be told of it, as preferences. */
  get preferences(): Readonly<Record<string, boolean | number | string>> {
    return {
      "dom.push.enabled": true,
      "dom.push.connection.enabled": true,
      "dom.push.serverURL": `ws://127.0.0.1:${this.#port}/`,
      "dom.push.testing.allowInsecureServerURL": true,
      // Its question is one for a person.
      "permissions.default.desktop-notification": 1,
      "dom.webnotifications.requireuserinteraction": false,
      "alerts.useSystemBackend": false,
    };
  }

  get #port(): number {
    return (this.#http.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets.clients) socket.terminate();
    this.#http.closeAllConnections();
    this.#http.close();
    await once(this.#http, "close");
  }

  #heard(socket: WebSocket, text: string): void {
    const { messageType, channelID: channelId = "", uaid, updates = [] } = JSON.parse(text) as ClientMessage;
    const answer = { messageType, channelID: channelId, status: 200 };
    if (messageType === undefined) socket.send("{}");
    if (messageType === "hello") {
      const agent = uaid || String(++this.#names).padStart(32, "0");
      socket.send(JSON.stringify({ messageType, uaid: agent, status: 200, use_webpush: true }));
    }
    if (messageType === "register") {
      const name = `r${++this.#names}`;
      this.#registrations.set(name, { socket, channelId });
      socket.send(JSON.stringify({ ...answer, pushEndpoint: `http://127.0.0.1:${this.#port}/wpush/v2/${name}` }));
    }
    if (messageType === "unregister") socket.send(JSON.stringify(answer));
    if (messageType === "ack") this.acknowledged.push(...updates.map(({ code = 0 }) => code));
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const name = /^\/wpush\/v2\/([\w-]+)$/.exec(request.url ?? "")?.[1] ?? "";
    const registration = this.#registrations.get(name);
    if (registration === undefined) {
      response.writeHead(404).end();
      return;
    }
    const data = Buffer.concat(chunks).toString("base64url");
    const headers = { encoding: request.headers["content-encoding"] };
    const { socket, channelId } = registration;
    socket.send(
      JSON.stringify({
        messageType: "notification",
        channelID: channelId,
        version: `v${++this.#names}`,
        data,
        headers,
      }),
    );
    this.delivered += 1;
    response.writeHead(201, { location: `/m/${this.delivered}` }).end();
  }
}
