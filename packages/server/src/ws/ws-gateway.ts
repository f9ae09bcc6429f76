import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { limits } from "@echoo/protocol";
import { type ServerOptions, WebSocketServer } from "ws";
import { ClientSocket } from "./client-socket.ts";
import type { OpenSockets } from "./running/open-sockets.ts";
import type { SocketRunner } from "./running/socket-runner.ts";
import { cutAfterMs } from "./socket-link.ts";
import type { UpgradeAdmission } from "./upgrades/upgrade-admission.ts";

/** A message in more fragments than this is no message of ours: clients write each as one frame. */
export const fragmentsMax = 128;
/** Far more reads than the largest frame needs; how many a frame of its size may need is for the gauge to say. */
const bufferedChunksMax = 128 * 1024;

/** `closeTimeout` is newer than the types of ws. */
const socketOptions: ServerOptions<typeof ClientSocket> & { readonly closeTimeout: number } = {
  noServer: true,
  WebSocket: ClientSocket,
  perMessageDeflate: false,
  clientTracking: false,
  maxPayload: limits.skippedFrameBytes,
  maxFragments: fragmentsMax,
  maxBufferedChunks: bufferedChunksMax,
  closeTimeout: cutAfterMs,
};

/** Takes the WebSocket upgrades of a server, and lets the admitted ones run. */
export class WsGateway {
  readonly #server = new WebSocketServer(socketOptions);
  readonly #admission: Pick<UpgradeAdmission, "admit" | "drain">;
  readonly #runner: Pick<SocketRunner, "run">;
  readonly #open: Pick<OpenSockets, "closeAll">;

  constructor(
    admission: Pick<UpgradeAdmission, "admit" | "drain">,
    runner: Pick<SocketRunner, "run">,
    open: Pick<OpenSockets, "closeAll">,
  ) {
    this.#admission = admission;
    this.#runner = runner;
    this.#open = open;
  }

  listenTo(server: Server): void {
    server.on("upgrade", (request, stream, head) => void this.#upgrade(request, stream, head));
  }

  /** No new sockets from now on. */
  drain(): void {
    this.#admission.drain();
  }

  /** Says goodbye to all clients. */
  closeAll(code: 1001 | 1012): void {
    this.#open.closeAll(code);
  }

  async #upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): Promise<void> {
    if (stream.destroyed) return;
    // A client may break the connection while its admission is waited for: nobody else listens to it until then.
    const onError = () => stream.destroy();
    stream.on("error", onError);
    const admitted = await this.#admission.admit(request, stream);
    stream.off("error", onError);
    if (!admitted) return;
    const { facts, place } = admitted;
    this.#server.handleUpgrade(request, stream, head, (socket) => this.#runner.run(socket, stream, facts, place));
  }
}
