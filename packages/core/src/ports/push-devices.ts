import type { Instant } from "./clock.ts";

export type PushPlatform = "web" | "fcm" | "apns";

/** A device that a push service can wake. */
export interface PushDevice {
  readonly userId: string;
  readonly deviceId: string;
  readonly platform: PushPlatform;
  readonly name?: string;
  readonly locale?: string;
  /** Where the service reaches it, as JSON of its platform's own. */
  readonly address: string;
  /** Names that place: of two devices with the same one, of whichever users, the last to register has it. */
  readonly addressKey: string;
  /** It belongs to the token that registered it, and goes with it. */
  readonly tokenId: string;
  /** One of the host product is not known here: its device lives until `dueAtMs`. */
  readonly tokenKind: "own" | "host";
  readonly createdAtMs: Instant;
  /** When it was registered last. */
  readonly registeredAtMs: Instant;
  /** No earlier than then can its token have expired by itself. */
  readonly dueAtMs: Instant;
}

/**
 * Devices to push to. One whose token is gone or has expired is never given out; it is deleted with its token where
 * that is revoked, and otherwise by a sweep.
 */
export interface PushDevices {
  /**
   * Takes the place of the user's device with that id, whose creation stands, and of whichever has the same address.
   * Beyond so many of a user's those go that were registered longest ago; of several at once more may be left until the
   * next one comes.
   */
  put(device: PushDevice, maxOfUser: number): Promise<"created" | "updated">;
  /** The living ones of a user, by their id. */
  list(userId: string, nowMs: Instant): Promise<readonly PushDevice[]>;
  /** Whether there was such a device of this user. */
  remove(userId: string, deviceId: string): Promise<boolean>;
  /** The push service says that this address is gone: the device goes if it still has it. */
  addressGone(userId: string, deviceId: string, address: string): Promise<boolean>;
  /** Those that this token registered; of the user's without a token named all of the host product's. */
  removeOfToken(userId: string, tokenId?: string): Promise<void>;
  /** Whether there is any at all. */
  hasAny(): Promise<boolean>;
  /** Deletes some whose token has expired or is gone, at most `limit`; tells how many it looked at. */
  sweep(nowMs: Instant, limit: number): Promise<number>;
}

/** Keys that a system makes for itself once, and that every server of it has then. */
export interface ServerKeys {
  /** Of several that make the same key at once all get the one that came first. */
  findOrKeep(name: string, made: string, nowMs: Instant): Promise<string>;
}

export interface ServerKey {
  readonly name: string;
  readonly value: string;
  readonly createdAtMs: Instant;
}
