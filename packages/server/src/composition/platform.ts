import { randomBytes, randomInt, randomUUID } from "node:crypto";
import type { Clock, Ids } from "@echoo/core";
import { erasedUserPrefix } from "@echoo/protocol";
import { EventLoopTurns } from "./event-loop-turns.ts";

/**
 * The only file of the server that reads the real clock, sets timers or draws random numbers; everything else takes
 * them as arguments, so that tests can move time and replay chance.
 */
export const systemClock: Clock = {
  now: () => Date.now(),
  // Whole, as the journal keeps it.
  steady: () => Math.floor(performance.now()),
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};

export const systemIds: Ids = {
  callId: () => randomUUID(),
  // 128 bits: a client that knows a session's id, and is let in as its user, may resume it.
  sessionId: randomId,
  tokenId: randomId,
  erasedUserId: () => `${erasedUserPrefix}${randomId()}`,
};

function randomId(): string {
  return randomBytes(16).toString("base64url");
}

/** Names one boot of a node: 65 bits, 13 letters and digits. */
export function randomNodeId(): string {
  return [...randomBytes(13)].map((byte) => "abcdefghijklmnopqrstuvwxyz234567"[byte % 32]).join("");
}

/** A secret of 256 bits, safe in URLs and headers. */
export function randomSecret(): string {
  return randomBytes(32).toString("base64url");
}

/** A one-time code of six digits, each equally likely. */
export function randomCode(): string {
  return randomInt(0, 1_000_000).toString().padStart(6, "0");
}

/** A number in [0, 1), for spreading things over time. */
export function random(): number {
  return Math.random();
}

/**
 * `defer` runs something at the end of this turn of the event loop, after everything that is being read now; `pause` ends a
 * step of long work. One for the whole process, whose long work they spread.
 */
export const { defer, pause } = new EventLoopTurns(setImmediate);
