import { normalisePhone } from "./typed/normalise-phone.ts";

/** The number that is always answered, by a loopback. It cannot be registered. */
export const echoUserId = "echo";

/** What stands for a number that was erased begins so; no user can have such an id. */
export const erasedUserPrefix = "deleted:";

/** A user of the host product's own tokens: taken as it stands. */
export function isHostUserId(text: string): boolean {
  return /^[\w.@:|+-]{1,64}$/.test(text);
}

/** Who can be a user of a server: phone numbers alone, or besides them whomever the host product's tokens name. */
export type UserIdRule = "phone" | "host";

/**
 * The user that a text names, written as Echoo stores it; undefined for what cannot be an id. Under `host` an id is
 * taken as it stands, and only what is none, such as a number with spaces, is read as a phone number.
 */
export function readUserId(text: string, rule: UserIdRule): string | undefined {
  if (rule === "phone" || !isHostUserId(text)) return normalisePhone(text);
  // A path of one or two dots is not sent by any browser: it means the folder, or the one above.
  const isReserved = text === echoUserId || text.startsWith(erasedUserPrefix) || /^\.{1,2}$/.test(text);
  return isReserved ? undefined : text;
}

/**
 * Whom a text that was typed names, for a side that does not know the server's rule: an id stands as it is, what is none
 * is written as the number that it is, and anything else is left for the server to refuse.
 */
export function typedUserId(text: string): string {
  return isHostUserId(text) ? text : (normalisePhone(text) ?? text);
}

/** What a user id must be, for the end of a sentence. */
export const userIdMust: Readonly<Record<UserIdRule, string>> = {
  phone: "a phone number of 3 to 15 digits",
  host: "1 to 64 letters, digits or any of _ . @ : | + -",
};
