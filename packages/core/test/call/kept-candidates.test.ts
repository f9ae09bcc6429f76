import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { limits } from "@echoo/protocol";
import type { CandidateOrEnd } from "../../src/call/call.ts";
import { candidateChars, withCandidate } from "../../src/call/kept-candidates.ts";

type Kept = readonly CandidateOrEnd[];

function candidate(kind: string, number: number, more: object = {}): CandidateOrEnd {
  return { candidate: `candidate:${number} 1 udp ${number} 192.0.2.7 50000 typ ${kind}`, sdpMid: "0", ...more };
}

function keep(values: readonly CandidateOrEnd[], maxChars?: number): Kept {
  return values.reduce<Kept>((kept, value) => withCandidate(kept, value, maxChars) ?? kept, []);
}

function isKnown(kept: Kept, value: CandidateOrEnd): boolean {
  return withCandidate(kept, value) === undefined;
}

function many(kind: string, count: number, more: object = {}): CandidateOrEnd[] {
  return Array.from({ length: count }, (_, i) => candidate(kind, i, more));
}

function kindsOf(kept: Kept): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const value of kept) {
    const kind = value === null ? "end" : (value.candidate.split(" typ ")[1] ?? "");
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}

describe("candidates that are kept", () => {
  test("stay in the order of their coming, up to the bound", () => {
    const values = [...many("host", 60), ...many("relay", 3), null];
    assert.equal(values.length, limits.keptCandidates);
    assert.deepEqual(keep(values), values);
  });

  test("make room for relays and the end, which come last: the newest host goes first", () => {
    const values = [...many("host", limits.keptCandidates), ...many("srflx", 2), ...many("relay", 3), null];
    const kept = keep(values);
    assert.deepEqual(kindsOf(kept), { host: limits.keptCandidates - 6, srflx: 2, relay: 3, end: 1 });
    assert.deepEqual(kept, [...values.slice(0, limits.keptCandidates - 6), ...values.slice(-6)]);
  });

  test("do not make room for one that is worth no more than the least of them", () => {
    const full = keep(many("relay", limits.keptCandidates));
    for (const value of [candidate("relay", 99), candidate("host", 99), candidate("nonsense", 99)]) {
      assert.equal(withCandidate(full, value), full);
    }
    assert.equal(withCandidate(full, null)?.at(-1), null);
  });

  test("are bounded in characters as well, with the same ones going first", () => {
    const long = { usernameFragment: "u".repeat(limits.labelChars) };
    const kept = keep([...many("host", 60, long), ...many("relay", 10, long)]);
    assert.ok(candidateChars(kept) <= limits.keptCandidateChars);
    assert.ok(candidateChars(kept) > limits.keptCandidateChars - 400);
    assert.equal(kindsOf(kept).relay, 10);
    const one = candidate("relay", 1);
    assert.deepEqual(keep([one], JSON.stringify(one).length), [one]);
    assert.deepEqual(keep([one], JSON.stringify(one).length - 1), []);
  });

  test("are known again, whatever list they have come through, and only where nothing differs", () => {
    const values = [...many("host", 3), null, { candidate: "" }];
    const kept = keep(values);
    for (const value of values) {
      const again = JSON.parse(JSON.stringify(value)) as CandidateOrEnd;
      assert.ok(isKnown(kept, again));
      assert.ok(isKnown(JSON.parse(JSON.stringify(kept)) as Kept, again));
    }
    assert.ok(!isKnown(kept, candidate("host", 1, { sdpMid: "1" })));
    assert.ok(!isKnown(kept, candidate("host", 1, { sdpMid: null })));
    assert.ok(!isKnown([], null));
    // The past of a list knows nothing of what came later.
    const before = keep(values.slice(0, 2));
    withCandidate(before, candidate("host", 2));
    assert.ok(!isKnown(before, candidate("host", 2)));
  });

  test("are made into text once each, however many there are", () => {
    let texts = 0;
    const counted = (number: number) => {
      const value = candidate("host", number) as object;
      const toJSON = () => {
        texts += 1;
        return value;
      };
      return { ...value, toJSON } as unknown as CandidateOrEnd;
    };
    let kept: Kept = [];
    for (let number = 0; number < 40; number += 1) kept = withCandidate(kept, counted(number)) ?? kept;
    assert.equal(texts, 40);
  });
});
