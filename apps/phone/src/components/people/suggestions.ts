import { isNameShown, plainDigits } from "@echoo/protocol";
import type { Contact } from "../../state/api.ts";

export interface Suggestion {
  readonly phone: string;
  readonly name: string;
}

const maxSuggestions = 5;

/** People that the typed text may mean: contacts by a word of their name or by number, then others by number. */
export function suggestionsFor(text: string, contacts: readonly Contact[], others: readonly string[]): Suggestion[] {
  const wanted = text.trim().toLocaleLowerCase();
  if (wanted === "") return [];
  const digits = plainDigits(wanted).replace(/[^+\d\p{L}]/gu, "");
  const known = new Set(contacts.map((contact) => contact.phone));
  const people: Suggestion[] = [
    ...contacts.map(({ phone, name }) => ({ phone, name: isNameShown(name) ? name : phone })),
    ...others.filter((phone) => !known.has(phone)).map((phone) => ({ phone, name: phone })),
  ];
  const matches = people.filter(
    ({ phone, name }) =>
      (digits !== "" && phone.includes(digits)) ||
      name
        .toLocaleLowerCase()
        .split(/\s+/)
        .some((word) => word.startsWith(wanted)) ||
      name.toLocaleLowerCase().startsWith(wanted),
  );
  const exact = matches.length === 1 && matches[0]?.phone === digits;
  return exact ? [] : matches.slice(0, maxSuggestions);
}
