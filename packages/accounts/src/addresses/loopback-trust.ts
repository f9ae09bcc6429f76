import { type ConnectionFacts, isLoopback, proxyHeaderOf } from "./connection-facts.ts";

/** Remembers whether a proxy was ever seen on this machine: behind one, all clients come from loopback. */
export interface LoopbackTrust {
  readonly trusted: boolean;
  /** Called with every request and upgrade, before anything is decided. */
  observe(facts: ConnectionFacts): void;
}

/** `onLost` is told of the first header that ended the trust, once. */
export function createLoopbackTrust(onLost: (header: string) => void): LoopbackTrust {
  let trusted = true;
  return {
    get trusted() {
      return trusted;
    },
    observe(facts) {
      if (!trusted || !isLoopback(facts.address)) return;
      const header = proxyHeaderOf(facts);
      if (header === undefined) return;
      trusted = false;
      onLost(header);
    },
  };
}
