import type { Instant, PushDevice, User, WebhookFact } from "@echoo/core";

/** What a store makes events of by itself: a new random id, and the time by the server's clock. */
export type Telling = () => { readonly id: string; readonly atMs: Instant };

/** What a store tells of accounts, as part of what it does to them: only it knows whether that came to pass. */
export interface AccountTeller {
  userCreated(user: Pick<User, "id" | "createdAtMs" | "proof">): void;
  deviceGone(device: Pick<PushDevice, "userId" | "deviceId" | "platform" | "registeredAtMs">): void;
}

export function accountTeller(telling: Telling | undefined, announce: (fact: WebhookFact) => void): AccountTeller {
  return {
    userCreated(user) {
      if (telling !== undefined) announce(userCreatedFact(user, telling().id));
    },
    deviceGone(device) {
      if (telling !== undefined) announce(deviceGoneFact(device, telling()));
    },
  };
}

export function userCreatedFact(user: Pick<User, "id" | "createdAtMs" | "proof">, id: string): WebhookFact {
  const { id: phone, createdAtMs, proof } = user;
  const data = { phone, createdAt: new Date(createdAtMs).toISOString(), ...(proof === undefined ? {} : { proof }) };
  return { ...ofUser(phone), type: "user.created", id, atMs: createdAtMs, data: JSON.stringify(data) };
}

export function deviceGoneFact(
  { userId, deviceId, platform, registeredAtMs }: Parameters<AccountTeller["deviceGone"]>[0],
  { id, atMs }: ReturnType<Telling>,
): WebhookFact {
  const data = JSON.stringify({ phone: userId, deviceId, platform });
  // Registered anew it can go again.
  const key = `device.gone ${registeredAtMs} ${deviceId}`;
  return { ...ofUser(userId), type: "device.gone", key, id, atMs, data };
}

function ofUser(phone: string): Pick<WebhookFact, "kind" | "of" | "parties"> {
  return { kind: "user", of: phone, parties: [phone] };
}
