import { createHmac, timingSafeEqual } from "node:crypto";
import type { Clock, Instant } from "@echoo/core";

/** A ticket outlives its ring by so long: a device that was asleep learns that it comes too late. */
const afterMs = 60_000;

/** What lets a device speak of one ring without signing in: it comes with the push, and says which device it is. */
export interface RingTickets {
  issue(callId: string, device: string, ringEndsAtMs: Instant): string;
  /** The device that has it; undefined for what is none, of another call, or too old. */
  deviceOf(callId: string, ticket: string): string | undefined;
}

export function createRingTickets(secret: string, clock: Pick<Clock, "now">): RingTickets {
  function seal(callId: string, device: string, endSec: string): Buffer {
    return createHmac("sha256", secret)
      .update(JSON.stringify(["ring", callId, device, endSec]))
      .digest();
  }
  return {
    issue(callId, device, ringEndsAtMs) {
      const endSec = Math.ceil((ringEndsAtMs + afterMs) / 1000).toString(36);
      const name = Buffer.from(device).toString("base64url");
      return `${endSec}.${name}.${seal(callId, device, endSec).toString("base64url")}`;
    },
    deviceOf(callId, ticket) {
      const [endSec = "", name = "", mac = ""] = ticket.split(".");
      const device = Buffer.from(name, "base64url").toString();
      const [given, right] = [Buffer.from(mac, "base64url"), seal(callId, device, endSec)];
      if (given.length !== right.length || !timingSafeEqual(given, right)) return undefined;
      return Number.parseInt(endSec, 36) * 1000 > clock.now() ? device : undefined;
    },
  };
}
