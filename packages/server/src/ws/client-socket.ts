import { WebSocket } from "ws";

/** What ws closes with by itself when a frame is broken; to clients that is one thing. */
const brokenFrameCodes: readonly (number | undefined)[] = [1002, 1003, 1007];

/** A socket whose goodbyes are the protocol's, also those that ws says by itself. */
export class ClientSocket extends WebSocket {
  /** For clients that wait for ever after a close frame: the connection is cut instead. */
  isCutInstead = false;

  override close(code?: number, reason?: string | Buffer): void {
    if (this.isCutInstead) this.terminate();
    else super.close(brokenFrameCodes.includes(code) ? 1008 : code, reason);
  }
}
