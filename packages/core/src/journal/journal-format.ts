import type { BodyKind } from "./body-kind.ts";
import { fromFormat0 } from "./from-format-0.ts";
import { fromFormat1 } from "./from-format-1.ts";
import { fromFormat2 } from "./from-format-2.ts";
import { fromFormat3 } from "./from-format-3.ts";

/**
 * The format of the bodies that this program writes. It rises with every change of what is in them, a field that may be
 * absent included: then `steps` gets one that makes the new format of the one before, in a file of its own, and an
 * adapter's schema a new version, so that an older program refuses the journal as a whole.
 */
export const journalFormat = 4;

/** How a body becomes one of the next format; the first is of format 0, which journals had before they named theirs. */
const steps: readonly ((kind: BodyKind, body: object) => object)[] = [
  fromFormat0,
  (_kind, body) => fromFormat1(body),
  fromFormat2,
  (_kind, body) => fromFormat3(body),
];

/** A body of an older format as this program would have written it. Whether it is any good is looked at afterwards. */
export function toCurrentFormat(kind: BodyKind, format: number, body: unknown): unknown {
  if (typeof body !== "object" || body === null) return body;
  return steps.slice(format).reduce((older, step) => step(kind, older), body);
}
