import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Sample } from "@echoo/protocol";
import fc from "fast-check";
import { newQualityWatch, watchQuality } from "../../src/quality/watch.ts";

/** Plays samples 2 s apart and returns the changes as rows: "6s raised high_rtt". */
function play(samples: readonly Omit<Sample, "t">[]): string[] {
  let watch = newQualityWatch;
  return samples.flatMap((sample, i) => {
    const [next, changes] = watchQuality(watch, { t: 1_000_000 + i * 2_000, ...sample });
    watch = next;
    return changes.map((change) => `${i * 2}s ${change.raised ? "raised" : "cleared"} ${change.warning}`);
  });
}

const times = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value);

describe("a warning", () => {
  test("of round trip is up while 3 of the last 5 samples are above 400 ms", () => {
    const far = { rttMs: 401 };
    const near = { rttMs: 400 };
    assert.deepEqual(play([far, near, far, near, far, near, far, near, near]), [
      "8s raised high_rtt",
      "10s cleared high_rtt",
      "12s raised high_rtt",
      "14s cleared high_rtt",
    ]);
    assert.deepEqual(play([far, far, near, near, near, far, far]), []);
  });

  test("of jitter is up while 3 of the last 5 samples are above 30 ms", () => {
    assert.deepEqual(play([...times(3, { jitterMs: 31 }), ...times(5, { jitterMs: 30 })]), [
      "4s raised high_jitter",
      "10s cleared high_jitter",
    ]);
  });

  test("of loss is up while the mean of the last 7 samples is above 3 %", () => {
    assert.deepEqual(play([...times(6, { lossPercent: 0 }), { lossPercent: 22 }, ...times(7, { lossPercent: 0 })]), [
      "12s raised high_loss",
      "26s cleared high_loss",
    ]);
    assert.deepEqual(play([...times(6, { lossPercent: 0 }), { lossPercent: 21 }]), []);
  });

  test("of loss waits for 7 samples of which most know it", () => {
    assert.deepEqual(play(times(6, { lossPercent: 50 })), []);
    assert.deepEqual(play([...times(3, { lossPercent: 50 }), ...times(4, {})]), []);
  });

  test("of a low score is up while 3 of the last 5 samples score below 3.5", () => {
    const poor = { rttMs: 100, lossPercent: 4 };
    const good = { rttMs: 100, lossPercent: 0 };
    assert.deepEqual(play([poor, poor, poor, good, good, good]), ["4s raised low_mos", "10s cleared low_mos"]);
  });

  test("of silence is up from 10 s without audio energy until there is some", () => {
    const silence = { audioLevel: 0 };
    assert.deepEqual(play([{ audioLevel: 0.2 }, ...times(6, silence), { audioLevel: 0.01 }]), [
      "12s raised no_audio",
      "14s cleared no_audio",
    ]);
    assert.deepEqual(play([...times(5, silence), { audioLevel: 0.01 }, ...times(5, silence)]), []);
    assert.deepEqual(play(times(20, {})), []);
  });

  test("of a frozen picture is up after a freeze of more than 2 s, told afterwards or seen as no frames", () => {
    assert.deepEqual(
      play([
        { freezeMs: 2_001, fps: 20 },
        { freezeMs: 0, fps: 20 },
      ]),
      ["0s raised video_frozen", "2s cleared video_frozen"],
    );
    assert.deepEqual(play([{ fps: 30 }, { fps: 0 }, { fps: 0 }, { fps: 0 }, { fps: 30 }]), [
      "6s raised video_frozen",
      "8s cleared video_frozen",
    ]);
    assert.deepEqual(play([{ freezeMs: 2_000 }]), []);
  });

  test("of the processor is up while it limits the video", () => {
    const rows = play([{ limitation: "none" }, { limitation: "cpu" }, {}, { limitation: "bandwidth" }]);
    assert.deepEqual(rows, ["2s raised cpu_limited", "6s cleared cpu_limited"]);
  });

  test("is never raised by figures that are not known", () => {
    assert.deepEqual(play(times(30, {})), []);
  });
});

describe("a watch", () => {
  test("does not change by a sample that is late or repeated", () => {
    const [watch] = watchQuality(newQualityWatch, { t: 10_000, limitation: "cpu" });
    for (const t of [10_000, 9_999]) assert.deepEqual(watchQuality(watch, { t }), [watch, []]);
  });

  for (const hours of [-5, 5]) {
    test(`goes on where the client's clock was set by ${hours} h, and takes that for no silence`, () => {
      const set = hours * 3_600_000;
      const silent = (t: number) => ({ t, audioLevel: 0 });
      let [watch, changes] = watchQuality(newQualityWatch, silent(10_000));
      [watch, changes] = watchQuality(watch, silent(12_000 + set));
      assert.deepEqual(changes, []);
      [watch, changes] = watchQuality(watch, silent(20_000 + set));
      assert.deepEqual(changes, []);
      [, changes] = watchQuality(watch, silent(22_000 + set));
      assert.deepEqual(changes, [{ warning: "no_audio", raised: true, t: 22_000 + set }]);
    });
  }

  test("changes each warning in turn, remembers at most 7 samples, and does not touch the watch it is given", () => {
    const figures = fc.record(
      {
        rttMs: fc.constantFrom(10, 900),
        jitterMs: fc.constantFrom(1, 90),
        lossPercent: fc.constantFrom(0, 30),
        audioLevel: fc.constantFrom(0, 0.5),
        fps: fc.constantFrom(0, 30),
        limitation: fc.constantFrom("none", "cpu"),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.array(figures, { maxLength: 60 }), (samples) => {
        let watch = newQualityWatch;
        const raised = new Set<string>();
        for (const [i, sample] of samples.entries()) {
          const before = JSON.stringify(watch);
          const [next, changes] = watchQuality(watch, { t: i * 2_000, ...sample });
          assert.equal(JSON.stringify(watch), before);
          for (const change of changes) {
            assert.notEqual(raised.has(change.warning), change.raised);
            if (change.raised) raised.add(change.warning);
            else raised.delete(change.warning);
          }
          assert.deepEqual(new Set(next.raised), raised);
          assert.ok(next.window.length <= 7);
          watch = next;
        }
      }),
    );
  });
});
