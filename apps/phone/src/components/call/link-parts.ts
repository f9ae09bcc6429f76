interface Part {
  /** Where it begins. */
  readonly at: number;
  readonly text: string;
  /** Where it leads, if it is a link. */
  readonly href?: string;
}

/** What turns the order of the letters around: with it a line reads as another. */
const overrides = /[\u202a-\u202e\u2066-\u2069]/g;
/** An address ends at a space, at what quotes it, and at a character that cannot be seen. */
const candidate = /https?:\/\/[^\s<>"“”„«»`|\\^{}\u00ad\u061c\u180e\u200b-\u200f\u2060-\u206f\ufeff]+/gi;
const trailing = /[.,;:!?'’…)\]}]+$/;

/** A line of chat in parts, those that lead to the web marked. A link names its real host, whatever was typed. */
export function linkParts(line: string): readonly Part[] {
  const text = line.replace(overrides, "");
  const parts: Part[] = [];
  let done = 0;
  for (const match of text.matchAll(candidate)) {
    const typed = withoutTail(match[0]);
    const url = safeUrl(typed);
    if (!url) continue;
    if (match.index > done) parts.push({ at: done, text: text.slice(done, match.index) });
    const isPlain = /^[\x21-\x7e]+$/.test(typed);
    parts.push({ at: match.index, text: isPlain ? typed : url.href, href: url.href });
    done = match.index + typed.length;
  }
  if (done < text.length) parts.push({ at: done, text: text.slice(done) });
  return parts;
}

/** Punctuation at the end belongs to the sentence, but for a bracket that the address itself opens. */
function withoutTail(typed: string): string {
  const tail = trailing.exec(typed)?.[0] ?? "";
  const bare = typed.slice(0, typed.length - tail.length);
  return tail.startsWith(")") && bare.includes("(") ? `${bare})` : bare;
}

/** A name before the host (`https://bank.example@evil.example`) is there to deceive: such an address is no link. */
function safeUrl(typed: string): URL | undefined {
  if (!URL.canParse(typed)) return undefined;
  const url = new URL(typed);
  const isWeb = url.protocol === "https:" || url.protocol === "http:";
  return isWeb && url.username === "" && url.password === "" ? url : undefined;
}
