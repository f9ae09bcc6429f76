/** The number that is always answered, by a loopback. Nobody can register it. */
export const echoUserId = "echo";

/** What stands for a number that was erased begins so; nobody can have such an id. */
export const erasedUserPrefix = "deleted:";

/**
 * A phone number as Echoo stores it: 3–15 digits with an optional leading plus. Spaces, dashes, dots and
 * parentheses are stripped and nothing else is rewritten, for apps compare numbers as strings.
 * Returns undefined for anything that is not a number.
 */
export function normalisePhone(text: string): string | undefined {
  const stripped = text.replace(/[\s().-]/g, "");
  return /^\+?\d{3,15}$/.test(stripped) ? stripped : undefined;
}

/** A user of the host product's own tokens: taken as it stands. */
export function isHostUserId(text: string): boolean {
  return /^[\w.@:|+-]{1,64}$/.test(text);
}

/** Who can be a user of a server: phone numbers alone, or besides them whomever the host product's tokens name. */
export type UserIdRule = "phone" | "host";

/**
 * The user that a text names, written as Echoo stores it; undefined for what can be nobody's id. Under `host` an id is
 * taken as it stands, and only what is none, such as a number with spaces, is read as a phone number.
 */
export function readUserId(text: string, rule: UserIdRule): string | undefined {
  if (rule === "phone" || !isHostUserId(text)) return normalisePhone(text);
  // A path of one or two dots is not sent by any browser: it means the folder, or the one above.
  const isReserved = text === echoUserId || text.startsWith(erasedUserPrefix) || /^\.{1,2}$/.test(text);
  return isReserved ? undefined : text;
}

/** What a user id must be, for the end of a sentence. */
export const userIdMust: Readonly<Record<UserIdRule, string>> = {
  phone: "a phone number of 3 to 15 digits",
  host: "1 to 64 letters, digits or any of _ . @ : | + -",
};
