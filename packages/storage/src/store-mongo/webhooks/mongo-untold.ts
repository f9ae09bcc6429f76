import type { PushDevice, User, WebhookFact, Webhooks } from "@echoo/core";
import { deviceGoneFact, type Telling, userCreatedFact } from "../../webhooks/account-teller.ts";
import { withFact } from "../../webhooks/subject.ts";
import type { MongoLink } from "../link/mongo-link.ts";
import { type PushDeviceDocument, pushDeviceId, toPushDevice } from "../users/mongo-push-devices.ts";
import { toUser, type UserDocument } from "../users/user-document.ts";
import type { MongoSubjects } from "./mongo-subjects.ts";
import type { Untold } from "./untold.ts";

/** Tells what the marks say, and takes them away. */
export function mongoUntold(
  link: MongoLink,
  subjects: MongoSubjects,
  targets: Pick<Webhooks, "list">,
  telling: Telling | undefined,
): Untold & Pick<Webhooks, "finish"> {
  const users = link.collection<UserDocument>("users");
  const devices = link.collection<PushDeviceDocument>("push_devices");

  async function announce(fact: WebhookFact): Promise<void> {
    const ids = (await targets.list()).map(({ id }) => id);
    if (ids.length > 0) await subjects.change(fact, (now) => withFact(now, fact, ids));
  }

  async function userCreated(user: Pick<User, "id" | "createdAtMs" | "proof">): Promise<void> {
    if (telling === undefined) return;
    await announce(userCreatedFact(user, telling().id));
    const same = { _id: user.id, createdAtMs: user.createdAtMs };
    await link.run(() => users.updateOne(same, { $unset: { untold: true } }));
  }

  async function deviceGone(device: PushDevice): Promise<void> {
    if (telling === undefined) return;
    await announce(deviceGoneFact(device, telling()));
    const _id = pushDeviceId(device.userId, device.deviceId);
    await link.run(() => devices.deleteOne({ _id, gone: true }));
  }

  return {
    isTelling: telling !== undefined,
    userCreated,
    deviceGone,
    async finish(limit) {
      const created = await link.run(() => users.find({ untold: true }).limit(limit).toArray());
      for (const user of created) await userCreated(toUser(user));
      const gone = await link.run(() => devices.find({ gone: true }).limit(limit).toArray());
      for (const device of gone) await deviceGone(toPushDevice(device));
      return created.length + gone.length;
    },
  };
}
