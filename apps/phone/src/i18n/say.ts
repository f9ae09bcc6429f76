import { en, type Sentences } from "./en.ts";

/** The languages there are. A new one is a file like en.ts and a row here. */
const catalogues: Record<string, Sentences> = { en };

function choose(): { language: string; sentences: Sentences } {
  for (const wanted of navigator.languages) {
    const language = wanted.split("-")[0] ?? wanted;
    const sentences = catalogues[language];
    if (sentences && isTag(wanted)) return { language: wanted, sentences };
  }
  return { language: "en", sentences: en };
}

/** Some systems hand their browser what is no language tag, such as "en-US@posix", at which every format throws. */
function isTag(text: string): boolean {
  try {
    return Intl.getCanonicalLocales(text).length === 1;
  } catch {
    return false;
  }
}

const chosen = choose();

/** Every sentence of the page, in the first of the person's languages that has a catalogue. */
export const say = chosen.sentences;
/** The language, with its region, for dates and numbers. */
export const language = chosen.language;

/** Tells the document its language and direction, so that logical CSS properties and screen readers follow. */
export function applyLanguage(root: HTMLElement): void {
  root.lang = language;
  root.dir = say.direction;
}
