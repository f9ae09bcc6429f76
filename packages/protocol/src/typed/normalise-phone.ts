import { clientLimits } from "../browser/client-limits.ts";

/** Invisible marks, such as those of direction that an address book puts around a number it copies. */
const invisible = /\p{Default_Ignorable_Code_Point}/gu;
/** What people write between digits: white space and dashes of every kind, slashes, dots and brackets. */
const separators = /[\s\p{Pd}\u2212\u00b7/\u2044\u2215\uff0f.\u2024\uff0e()\uff08\uff09]/gu;
const pluses = /[\uff0b\ufe62]/gu;
const otherDigits = /(?![0-9])\p{Nd}/gu;
const link = /^\s*tel:/i;
const number = /^\+?[0-9]{3,15}$/;

/**
 * A phone number as Echoo stores it: 3–15 digits with an optional leading plus. The one reader of every number that
 * was typed, pasted or scanned. It drops what only separates or cannot be seen, takes the digits of every script, and
 * rewrites nothing else, for apps compare numbers as strings (ADR 36). Undefined for anything that is not a number.
 */
export function normalisePhone(text: string): string | undefined {
  // Programs name users as they are stored, in each message: nothing of that would be dropped or replaced.
  if (number.test(text)) return text;
  if (text.length > clientLimits.userIdChars) return undefined;
  const plain = plainDigits(text.replace(invisible, "").replace(link, "").replace(pluses, "+")).replace(separators, "");
  return number.test(plain) ? plain : undefined;
}

/** The same text with the decimal digits of every script as those of ASCII. */
export function plainDigits(text: string): string {
  return text.replace(otherDigits, (digit) => String(digitOf(digit)));
}

/** Unicode gives each script's digits a row of ten of their own, from the zero on; rows may follow each other. */
function digitOf(digit: string): number {
  const code = digit.codePointAt(0) ?? 0;
  let before = 0;
  while (/\p{Nd}/u.test(String.fromCodePoint(code - before - 1))) before++;
  return before % 10;
}
