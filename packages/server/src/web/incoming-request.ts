import { IncomingMessage } from "node:http";

const asks = Symbol("what Node's parser says");

/**
 * A request that Node takes for an upgrade only where it asks for WebSocket. One that asks for another protocol is the
 * plain request that it also is (RFC 9110, 7.8), its body included: clients that prefer HTTP/2 ask for it with every
 * first request, and Node would give all of those to the upgrade listener.
 */
export class IncomingRequest extends IncomingMessage {
  /** Node's own constructor is the first to set it. */
  [asks]?: boolean;

  get upgrade(): boolean {
    const isUpgrade = this[asks] === true;
    return isUpgrade && (this.method === "CONNECT" || this.headers.upgrade?.toLowerCase() === "websocket");
  }

  /** The parser says so before the headers are there, and asks again once they are. */
  set upgrade(says: boolean) {
    this[asks] = says;
  }
}
