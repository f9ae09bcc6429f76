import { renderUnicodeCompact } from "uqr";

/** Bright white on black, and back: a code that takes a light terminal's colours is its own negative. */
const [whiteOnBlack, asBefore] = ["\u001b[97;40m", "\u001b[0m"];

/**
 * A QR code of the text, as lines of half blocks that a camera reads off the terminal. In colour where the output is a
 * terminal; anywhere else the bare characters, which are right on a dark background.
 */
export function terminalQr(text: string, inColour: boolean): readonly string[] {
  const lines = renderUnicodeCompact(text, { border: 2 }).split("\n");
  return inColour ? lines.map((line) => `${whiteOnBlack}${line}${asBefore}`) : lines;
}
