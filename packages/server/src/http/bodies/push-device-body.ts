import type { PushDevice } from "@echoo/core";
import type { PushDeviceBody } from "@echoo/protocol";
import { instantOf } from "../replies/instant.ts";

/** A device to push to as its owner sees it: where it is reached is for the server and its push service. */
export function pushDeviceBody(device: PushDevice, currentTokenId: string): PushDeviceBody {
  return {
    deviceId: device.deviceId,
    platform: device.platform,
    ...(device.name === undefined ? {} : { name: device.name }),
    ...(device.locale === undefined ? {} : { locale: device.locale }),
    createdAt: instantOf(device.createdAtMs),
    registeredAt: instantOf(device.registeredAtMs),
    current: device.tokenId === currentTokenId,
  };
}
