import { type ClientMessage, echoUserId, readUserId, type UserIdRule } from "@echoo/protocol";

/**
 * A message with its user ids as Echoo stores them: itself where they are so already, which those of programs are;
 * undefined when one cannot be a user's.
 */
export function normaliseIds<M extends ClientMessage>(message: M, rule: UserIdRule): M | undefined {
  let normalised = message;
  if ("to" in message && message.to !== undefined) {
    const to = normalise(message.to, rule);
    if (to === undefined) return undefined;
    if (to !== message.to) normalised = { ...message, to };
  }
  if (!("users" in message)) return normalised;
  const users = message.users.map((user) => normalise(user, rule));
  return users.includes(undefined) ? undefined : { ...normalised, users };
}

function normalise(user: string, rule: UserIdRule): string | undefined {
  return user === echoUserId ? user : readUserId(user, rule);
}
