/** The number that is always answered, by a loopback. Nobody can register it. */
export const echoUserId = "echo";

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
