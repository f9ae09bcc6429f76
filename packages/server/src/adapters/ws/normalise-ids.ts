import { type ClientMessage, echoUserId, normalisePhone } from "@echoo/protocol";

/** Writes the user ids of a message as Echoo stores them; undefined when one is no phone number. */
export function normaliseIds<M extends ClientMessage>(message: M): M | undefined {
  const changes: Record<string, unknown> = {};
  if ("to" in message && message.to !== undefined) changes.to = normalise(message.to);
  if ("users" in message) {
    const users = message.users.map(normalise);
    changes.users = users.includes(undefined) ? undefined : users;
  }
  if (Object.values(changes).includes(undefined)) return undefined;
  return { ...message, ...changes };
}

function normalise(user: string): string | undefined {
  return user === echoUserId ? user : normalisePhone(user);
}
