import type { ClientClock } from "./client-clock.ts";
import type { Entropy } from "./connection/entropy.ts";
import type { SocketFactory } from "./connection/socket-port.ts";
import { EchooError } from "./echoo-error.ts";

/** The only file of the SDK that reads the real clock, sets timers or draws randomness. */
export const systemClock: ClientClock = {
  now: () => Date.now(),
  steady: () => performance.now(),
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};

export const systemEntropy: Entropy = {
  random: () => Math.random(),
  uuid() {
    // `crypto.randomUUID` is missing on pages opened over plain http; getRandomValues is not.
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
    bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  },
};

/** The global WebSocket: every browser, Deno, Bun and Node from 22 on. Node 20 passes one of the package `ws`. */
export const systemSocket: SocketFactory = (url) => {
  if (typeof WebSocket === "undefined") {
    throw new EchooError("offline", {
      message: "There is no WebSocket here: pass one as `socket`, such as that of ws.",
    });
  }
  return new WebSocket(url);
};

/** Runs when the machine gets its network back, where the platform can tell. The result stops it. */
export function onNetworkBack(run: () => void): () => void {
  if (typeof globalThis.addEventListener !== "function") return () => {};
  globalThis.addEventListener("online", run);
  return () => globalThis.removeEventListener("online", run);
}
