import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { limits, type ReportEvent, type Sample, verdictCodes } from "@echoo/protocol";
import fc from "fast-check";
import { mergeTimelines, missingEvents } from "../../src/verdict/merge-timeline.ts";
import { withReport } from "../../src/verdict/received-timeline.ts";
import type { SideEvidence, Timeline, VerdictInput } from "../../src/verdict/verdict.ts";
import { verdictOf, verdictsOf } from "../../src/verdict/verdict-of.ts";
import { verdictRows } from "../../src/verdict/verdict-rules.ts";
import { recordedVerdicts } from "./recorded-verdicts.ts";

const runs = { numRuns: 300 } as const;
const anyCall = fc.constantFrom(...recordedVerdicts);

/** What came of a side, cut into parts that arrive in any order, some of them twice. */
function arrived(side: SideEvidence, order: readonly number[]): SideEvidence {
  const { events = [], ...rest } = side.timeline ?? {};
  const shuffle = <T>(list: readonly T[]) =>
    [...list, ...list.slice(0, 5)]
      .map((one, at) => [order[at % order.length] ?? 0, one] as const)
      .sort(([a], [b]) => a - b)
      .map(([, one]) => one);
  const parts = shuffle(events).map((event): Timeline => ({ events: [event], ...rest }));
  const timeline = parts.reduce((all, part) => mergeTimelines(all, part), { events: [] } as Timeline);
  return { samples: shuffle(side.samples), ...(events.length === 0 ? {} : { timeline }) };
}

function withSides(input: VerdictInput, change: (side: SideEvidence) => SideEvidence): VerdictInput {
  return { ...input, sides: { caller: change(input.sides.caller), callee: change(input.sides.callee) } };
}

/** Codes that a call may have where less of it is known: later rows of its phase that are about the call as a whole. */
const weaker: readonly string[] = ["unknown", "not_connected", "no_direct_path", "good", "turn_missing"];

// What a client may tell, wrong or right.
const time = fc.oneof(fc.double({ noNaN: true, min: 0, max: limits.latestTimeMs }), fc.nat(100_000));
const event = fc.record(
  {
    n: fc.nat(400),
    t: time,
    kind: fc.constantFrom(
      "media",
      "ice",
      "connection",
      "signaling",
      "gathering",
      "track",
      "playback",
      "page",
      "pair",
      "negotiation",
    ),
    state: fc.constantFrom(
      "connected",
      "failed",
      "complete",
      "stable",
      "ended",
      "refused",
      "hidden",
      "disconnected",
      "new",
    ),
    error: fc.constantFrom("NotAllowedError", "NotFoundError", "Error"),
    code: fc.constantFrom(401, 701),
    candidate: fc.constantFrom("host", "relay"),
    media: fc.constantFrom("audio", "video"),
  },
  { requiredKeys: ["n", "t", "kind"] },
) as fc.Arbitrary<ReportEvent>;
const figure = fc.oneof(fc.constant(0), fc.double({ noNaN: true, min: 0, max: limits.sampleFigure }));
const sample = fc.record(
  {
    t: time,
    rttMs: figure,
    lossPercent: fc.double({ noNaN: true, min: 0, max: 100 }),
    audioRecvKbps: figure,
    audioSendKbps: figure,
    freezeMs: figure,
    freezes: fc.nat(9),
    audioLevel: fc.double({ noNaN: true, min: 0, max: 1 }),
    limitation: fc.constantFrom("cpu", "bandwidth", "none"),
    pair: fc.constantFrom("host", "relay"),
  },
  { requiredKeys: ["t"] },
) as fc.Arbitrary<Sample>;
const side = fc.record(
  {
    samples: fc.array(sample, { maxLength: 30 }),
    timeline: fc.record({ events: fc.array(event, { maxLength: 30 }) }),
  },
  { requiredKeys: ["samples"] },
) as fc.Arbitrary<SideEvidence>;

describe("a verdict", () => {
  it("is the same in whatever order, and however often, reports and samples come", () => {
    fc.assert(
      fc.property(anyCall, fc.array(fc.nat(), { minLength: 7, maxLength: 60 }), ({ input }, order) => {
        assert.deepEqual(verdictsOf(withSides(input, (side) => arrived(side, order))).operator, verdictOf(input));
      }),
      runs,
    );
  });

  it("accuses nobody of anything else where reports and samples are lost", () => {
    const kept = fc.array(fc.boolean(), { minLength: 1, maxLength: 80 });
    fc.assert(
      fc.property(anyCall, kept, kept, ({ code, phase, input }, events, samples) => {
        const lossy = withSides(input, (side) => ({
          samples: side.samples.filter((_, at) => samples[at % samples.length]),
          ...(side.timeline === undefined
            ? {}
            : { timeline: { events: side.timeline.events.filter((_, at) => events[at % events.length]) } }),
        }));
        const now = verdictOf(lossy).code;
        const recorded = verdictOf(withSides(input, () => ({ samples: [] }))).code;
        assert.ok(now === code || now === recorded || weaker.includes(now), `${phase}: ${code} became ${now}`);
      }),
      runs,
    );
  });

  it("is one of the table's whatever a client tells, and nothing throws", () => {
    fc.assert(
      fc.property(anyCall, side, side, ({ input }, caller, callee) => {
        const { operator } = verdictsOf({ ...input, sides: { caller, callee } });
        assert.ok(verdictCodes.includes(operator.code));
        assert.ok(JSON.stringify(operator).length < 4_096, "the evidence grows with what is told");
      }),
      runs,
    );
  });
});

describe("a side's timeline", () => {
  const told = (n: number, kind: ReportEvent["kind"] = "ice"): ReportEvent => ({
    n,
    t: 1_000 + n,
    kind,
    state: "checking",
  });
  const from = { callId: "c", reporter: "5550001" };

  it("keeps the first 150 and the newest 50 by number, and counts the others", () => {
    const whole = { events: Array.from({ length: 201 }, (_, n) => told(n)) };
    const kept = mergeTimelines({ events: [] }, whole);
    assert.deepEqual([kept.events.length, missingEvents(kept)], [200, 1]);
    assert.deepEqual([kept.events[149]?.n, kept.events[150]?.n], [149, 151]);
  });

  it("has at most 16 KiB, whatever its events hold", () => {
    const wide = Array.from(
      { length: 200 },
      (_, n): ReportEvent => ({
        ...told(n),
        ...{
          kind: "gathering",
          candidate: "relay",
          remote: "relay",
          scheme: "turns",
          transport: "tcp",
          network: "ethernet",
        },
        codec: `video/${"x".repeat(50)}`,
      }),
    );
    const { events } = mergeTimelines({ events: wide }, { events: [] });
    assert.ok(JSON.stringify(events).length <= limits.firstReportChars + limits.newestReportChars);
    assert.ok(events.length > 50 && events.at(-1)?.n === 199 && events[0]?.n === 0);
  });

  it("is the same whatever the order of its parts, and however often one comes", () => {
    const part = fc.uniqueArray(fc.nat(600), { maxLength: 120 }).map((numbers) => numbers.map((n) => told(n)));
    fc.assert(
      fc.property(fc.array(part, { maxLength: 6 }), (parts) => {
        const merge = (list: readonly (readonly ReportEvent[])[]) =>
          list.reduce(
            (found, events, at) => withReport(found, { ...from, receivedAtMs: at, events }),
            undefined as ReturnType<typeof withReport> | undefined,
          )?.events;
        assert.deepEqual(merge([...parts].reverse()), merge([...parts, ...parts]));
      }),
      runs,
    );
  });

  it("knows how far its client's clock is off by the report that came quickest", () => {
    const first = withReport(undefined, { ...from, receivedAtMs: 5_000, sentAtMs: 1_000, events: [told(0)] });
    const second = withReport(first, { ...from, receivedAtMs: 6_000, sentAtMs: 2_500, events: [told(1)] });
    assert.deepEqual([first.shiftMs, second.shiftMs, second.receivedAtMs], [4_000, 3_500, 6_000]);
  });
});

describe("the table", () => {
  it("has each code once in a phase", () => {
    const rows = verdictRows.map(({ phase, code }) => `${phase}: ${code}`);
    assert.equal(new Set(rows).size, rows.length);
  });
});
