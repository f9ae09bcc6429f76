import type { Caller } from "./authenticate.ts";

/** Whom TURN credentials are for. Open access proves no user: the TURN server's quotas then count by address. */
export function turnUser(caller: Caller, address: string): string {
  return caller.kind === "user" ? caller.userId : `open-access:${address}`;
}
