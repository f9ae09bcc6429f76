/**
 * What the SDK needs of a WebSocket: the browser's own and the one of the package `ws` both fit.
 * Handlers are set right after the factory returns.
 */
export interface ClientSocket {
  onopen: ((event: never) => void) | null;
  onmessage: ((event: never) => void) | null;
  onclose: ((event: never) => void) | null;
  onerror: ((event: never) => void) | null;
  send(frame: string): void;
  close(code?: number, reason?: string): void;
}

export type SocketFactory = (url: string) => ClientSocket;
