import { limits } from "@echoo/protocol";
import type { CandidateOrEnd } from "./call.ts";

/** Candidates of one side, in the order of their coming, for devices that come, or come back, later. */
type Kept = readonly CandidateOrEnd[];

interface Contents {
  /** Each candidate as text: two are the same where nothing about them differs. */
  readonly keys: Set<string>;
  /** Of all keys together: what the candidates take up in memory, in the journal and on the wire. */
  chars: number;
  /** How useful the least useful one is. */
  least: number;
}

/** What is known of a list follows from it alone, so it may be forgotten at any time. */
const contents = new WeakMap<Kept, Contents>();

/** How many characters these candidates come to. */
export function candidateChars(kept: Kept): number {
  return contentsOf(kept).chars;
}

/**
 * The list with one more candidate; undefined where it is kept already, as a client whose server died sends again what
 * was not confirmed. One answer to both, for each candidate comes here, and its text is made once. Past the bounds the
 * least likely to connect goes first, and of several the newest: addresses of one's own network before those that a
 * server saw, and relays last, which come last. A list that does not change is the same list.
 */
export function withCandidate(
  kept: Kept,
  value: CandidateOrEnd,
  maxChars: number = limits.keptCandidateChars,
): Kept | undefined {
  const known = contentsOf(kept);
  const key = keyOf(value);
  if (known.keys.has(key)) return undefined;
  const added = [...kept, value];
  if (added.length > limits.keptCandidates || known.chars + key.length > maxChars) {
    return usefulness(value) <= known.least ? kept : withoutLeastUseful(added, maxChars);
  }
  // Handed on rather than copied: the shorter list is the past of a call, and is not looked into any more.
  contents.delete(kept);
  known.keys.add(key);
  known.chars += key.length;
  known.least = Math.min(known.least, usefulness(value));
  contents.set(added, known);
  return added;
}

function withoutLeastUseful(list: CandidateOrEnd[], maxChars: number): Kept {
  let left = list;
  let chars = left.reduce((sum, value) => sum + keyOf(value).length, 0);
  while (left.length > limits.keptCandidates || chars > maxChars) {
    const least = Math.min(...left.map(usefulness));
    const at = left.findLastIndex((value) => usefulness(value) === least);
    chars -= keyOf(left[at] ?? null).length;
    left = left.toSpliced(at, 1);
  }
  return left;
}

/** The kinds that work across more networks come later. The end of candidates is one word, and always worth it. */
const kinds = ["host", "prflx", "srflx", "relay"];

function usefulness(value: CandidateOrEnd): number {
  if (value === null) return kinds.length;
  if (value.candidate === "") return kinds.length - 1;
  return Math.max(0, kinds.indexOf(/ typ (\w+)/.exec(value.candidate)?.[1] ?? ""));
}

function contentsOf(kept: Kept): Contents {
  const known = contents.get(kept);
  if (known) return known;
  const keys = new Set(kept.map(keyOf));
  const chars = [...keys].reduce((sum, key) => sum + key.length, 0);
  const made = { keys, chars, least: Math.min(...kept.map(usefulness)) };
  contents.set(kept, made);
  return made;
}

function keyOf(value: CandidateOrEnd): string {
  return JSON.stringify(value);
}
