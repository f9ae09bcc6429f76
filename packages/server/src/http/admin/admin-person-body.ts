import type { PushDevice, SignalingControl, Token, User } from "@echoo/core";
import type { AdminDevice, AdminPerson, AdminToken } from "@echoo/protocol";
import { ownUserBody } from "../bodies/user-body.ts";
import { instantOf } from "../replies/instant.ts";

/** An account as an administrator sees it. */
export async function adminPersonBody(user: User, live: Pick<SignalingControl, "findPresence">): Promise<AdminPerson> {
  return { ...(await ownUserBody(user, live)), suspended: user.suspended === true };
}

export function adminTokenBody({ id, device, createdAtMs, lastUsedAtMs, expiresAtMs }: Token): AdminToken {
  return {
    id,
    ...(device === undefined ? {} : { device }),
    createdAt: instantOf(createdAtMs),
    lastUsedAt: instantOf(lastUsedAtMs),
    expiresAt: instantOf(expiresAtMs),
  };
}

export function adminDeviceBody({ deviceId, platform, name, registeredAtMs }: PushDevice): AdminDevice {
  return { deviceId, platform, ...(name === undefined ? {} : { name }), registeredAt: instantOf(registeredAtMs) };
}
