import { normalisePhone } from "./normalise-phone.ts";

/** Invisible characters that belong into words and emoji: joiners and variation selectors. */
const kept = String.raw`\u200c\u200d\ufe0e\ufe0f`;
const tags = String.raw`\u{e0020}-\u{e007f}`;
/** Invisible marks, those that turn the direction of what follows them among these, and halves of characters. */
const dropped = new RegExp(`(?![${kept}${tags}])[\\p{Default_Ignorable_Code_Point}\\p{Cf}\\p{Cs}]`, "gu");
const white = /[\s\p{Cc}\p{Z}\u2800]+/gu;
/** Marks join the letter before them, so that alone they are nothing that a name can be. */
const visible = /[^\p{M}\p{Z}\p{C}\p{Default_Ignorable_Code_Point}]/u;

/**
 * A name as it is stored and shown, wherever it came from: without controls, marks of direction and other invisible
 * characters, and with single spaces. Empty where nothing of it can be seen.
 */
export function cleanName(text: string): string {
  const clean = text.normalize("NFC").replace(dropped, "").replace(white, " ").trim();
  return visible.test(clean) ? clean : "";
}

/** The same, cut to a length: for names whose sender cannot be told that they are too long. */
export function cutName(text: string, maxChars: number): string {
  // Half a character at the cut is dropped as any other is.
  return cleanName(cleanName(text).slice(0, maxChars));
}

/**
 * Whether a user's name says who they are: one that reads as a telephone number would stand for another person's, and
 * is not shown as a name.
 */
export function isNameShown(name: string): boolean {
  return cleanName(name) !== "" && normalisePhone(name) === undefined;
}
