import { type ClientMessage, echoUserId, readUserId, type UserIdRule } from "@echoo/protocol";

/** Writes the user ids of a message as Echoo stores them; undefined when one cannot be a user's. */
export function normaliseIds<M extends ClientMessage>(message: M, rule: UserIdRule): M | undefined {
  const changes: Record<string, unknown> = {};
  if ("to" in message && message.to !== undefined) changes.to = normalise(message.to, rule);
  if ("users" in message) {
    const users = message.users.map((user) => normalise(user, rule));
    changes.users = users.includes(undefined) ? undefined : users;
  }
  if (Object.values(changes).includes(undefined)) return undefined;
  return { ...message, ...changes };
}

function normalise(user: string, rule: UserIdRule): string | undefined {
  return user === echoUserId ? user : readUserId(user, rule);
}
