import { IncomingMessage } from "node:http";
import type { Socket } from "node:net";

/**
 * A request that Node takes for an upgrade only where it asks for WebSocket. One that asks for another protocol is the
 * plain request that it also is (RFC 9110, 7.8), its body included: clients that prefer HTTP/2 ask for it with every
 * first request, and Node would give all of those to the upgrade listener.
 */
export class IncomingRequest extends IncomingMessage {
  constructor(socket: Socket) {
    super(socket);
    // Node's parser says so before the headers are there, and asks again once they are.
    let isUpgrade = false;
    Object.defineProperty(this, "upgrade", {
      configurable: true,
      enumerable: true,
      get: () => isUpgrade && (this.method === "CONNECT" || this.headers.upgrade?.toLowerCase() === "websocket"),
      set: (says: boolean) => {
        isUpgrade = says;
      },
    });
  }
}
