import { limits } from "@echoo/protocol";
import type { CandidateOrEnd } from "./call.ts";

/** Candidates of one side, in the order of their coming, for devices that come, or come back, later. */
type Kept = readonly CandidateOrEnd[];

/** Of all candidates of a list together. It follows from the list alone, so it may be forgotten at any time. */
const charsOfLists = new WeakMap<Kept, number>();

/** How many characters these candidates come to: in memory, in the journal and on the wire. */
export function candidateChars(kept: Kept): number {
  let chars = charsOfLists.get(kept);
  if (chars === undefined) {
    chars = kept.reduce((sum, value) => sum + charsOf(value), 0);
    charsOfLists.set(kept, chars);
  }
  return chars;
}

/**
 * The list with one more candidate; undefined where it is kept already, as a client whose server died sends again what
 * was not confirmed. Past the bounds the least likely to connect goes first, and of several the newest: addresses of one's
 * own network before those that a server saw, and relays last, which come last. A list that does not change is the same
 * list. Each candidate comes here, and few lists are long: looking through one costs less than keeping an index of it.
 */
export function withCandidate(
  kept: Kept,
  value: CandidateOrEnd,
  maxChars: number = limits.keptCandidateChars,
): Kept | undefined {
  for (const other of kept) if (isSame(other, value)) return undefined;
  const added = [...kept, value];
  const chars = candidateChars(kept) + charsOf(value);
  if (added.length > limits.keptCandidates || chars > maxChars) {
    const least = Math.min(...kept.map(usefulness));
    return usefulness(value) <= least ? kept : withoutLeastUseful(added, maxChars);
  }
  charsOfLists.set(added, chars);
  return added;
}

function isSame(a: CandidateOrEnd, b: CandidateOrEnd): boolean {
  if (a === null || b === null) return a === b;
  return (
    a.candidate === b.candidate &&
    a.sdpMid === b.sdpMid &&
    a.sdpMLineIndex === b.sdpMLineIndex &&
    a.usernameFragment === b.usernameFragment
  );
}

function withoutLeastUseful(list: CandidateOrEnd[], maxChars: number): Kept {
  let left = list;
  let chars = candidateChars(list);
  while (left.length > limits.keptCandidates || chars > maxChars) {
    const least = Math.min(...left.map(usefulness));
    const at = left.findLastIndex((value) => usefulness(value) === least);
    chars -= charsOf(left[at] ?? null);
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

function charsOf(value: CandidateOrEnd): number {
  return JSON.stringify(value).length;
}
