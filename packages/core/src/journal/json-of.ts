import { UnusableBody } from "./unusable-body.ts";

/** What a text of the journal says. Throws `UnusableBody`. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // What the parser says has a piece of the text in it.
    throw new UnusableBody("it is no JSON");
  }
}
