import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { replacesVerdict, verdictFor, verdictOf, verdictsOf } from "../../src/verdict/verdict-of.ts";
import {
  answeredMs,
  failedSide,
  gatheredHost,
  input,
  nothingSince,
  ordinarySamples,
  ordinarySide,
  record,
  timeline,
  unanswered,
  unconnected,
} from "./verdict-fixtures.ts";

const video = record();
const fine = { caller: ordinarySide(video), callee: ordinarySide(video) };
const deniedCallee = { timeline: timeline([{ atMs: 0, kind: "media", audio: true, error: "NotAllowedError" }]) };

describe("what each viewer may know", () => {
  it("an unanswered caller hears nothing of the callee's devices, of pushes or of do-not-disturb", () => {
    const denied = verdictsOf(input(unanswered(), { callee: deniedCallee }));
    assert.equal(denied.operator.code, "permission_denied");
    assert.equal(verdictFor(denied, "callee").code, "permission_denied");
    assert.equal(verdictFor(denied, "caller").code, "not_answered");
    const { ringingAtMs: _, ...silent } = unanswered({ endReason: "unreachable" });
    const pushed = verdictsOf(input(silent, {}, { turn: true, pushes: { tried: 1, failed: 1 } }));
    assert.equal(pushed.operator.code, "push_failed");
    assert.deepEqual(
      [verdictFor(pushed, "caller").code, verdictFor(pushed, "callee").code],
      ["callee_offline", "callee_offline"],
    );
    const quiet = verdictsOf(input(unanswered({ endReason: "do_not_disturb" })));
    assert.deepEqual(
      [verdictFor(quiet, "caller").code, verdictFor(quiet, "callee").code],
      ["callee_offline", "not_answered"],
    );
  });

  it("a blocked caller's verdict is that of a callee who is away", () => {
    for (const endReason of ["unreachable", "no_answer"] as const) {
      const { ringingAtMs: _, ...away } = unanswered({ endReason });
      const blocked = verdictsOf(input({ ...away, callerOnly: true }));
      assert.deepEqual(verdictFor(blocked, "caller"), verdictFor(verdictsOf(input(away)), "caller"));
    }
  });

  it("of an answered call both parties have the code, and each the events of its own side alone", () => {
    const stored = verdictsOf(
      input(video, {
        ...fine,
        callee: ordinarySide(video, undefined, [{ atMs: 900, kind: "playback", state: "refused" }]),
      }),
    );
    const [caller, callee] = [verdictFor(stored, "caller"), verdictFor(stored, "callee")];
    assert.deepEqual([caller.code, caller.side, caller.evidence], ["playback_blocked", "callee", []]);
    assert.equal(callee.evidence.length, 1);
  });

  it("a declined call is that, whatever the callee's devices did", () => {
    assert.equal(verdictOf(input(unanswered({ endReason: "declined" }), { callee: deniedCallee })).code, "declined");
  });
});

describe("what is not known", () => {
  it("a call of older clients that told nothing is unknown, and good once both measured it", () => {
    const { connectedAtMs: _, ...legacy } = record({ isVideo: false });
    assert.equal(verdictOf(input(legacy)).code, "unknown");
    const samples = ordinarySamples(
      video,
      () => ({ audioRecvKbps: undefined, audioSendKbps: undefined, pair: undefined }) as never,
    );
    assert.equal(verdictOf(input(legacy, { caller: { samples }, callee: { samples } })).code, "good");
    assert.equal(verdictOf(input(legacy, { caller: { samples } })).code, "unknown");
  });

  it("a gap of 5 s in what a side measured is no good call, nor are ends that nobody measured", () => {
    const holes = ordinarySamples(video).filter((_, at) => at < 10 || at > 13);
    assert.equal(verdictOf(input(video, { ...fine, callee: { samples: holes } })).code, "unknown");
    const early = ordinarySamples(video).slice(0, 20);
    assert.equal(verdictOf(input(video, { ...fine, callee: { samples: early } })).code, "unknown");
  });

  it("a relay that was asked in vain for 10 s of the call is not reached, though the gathering never ended; sooner says nothing", () => {
    const told = failedSide([
      { atMs: -500, kind: "gathering", state: "gathering" },
      { atMs: -490, kind: "gathering", candidate: "host", transport: "udp" },
    ]);
    const ended = (atMs: number) => unconnected({ endedAtMs: answeredMs + atMs });
    const codeOf = (atMs: number) => verdictOf(input(ended(atMs), { caller: told, callee: told })).code;
    assert.equal(codeOf(10_000), "turn_unreachable");
    assert.equal(codeOf(9_999), "not_connected");
  });

  it("what is missing of a timeline proves nothing", () => {
    const gone = failedSide(gatheredHost);
    const events =
      gone.timeline?.events.filter(({ kind, candidate }) => kind !== "gathering" || candidate === undefined) ?? [];
    const holed = { timeline: { events } };
    assert.equal(verdictOf(input(unconnected(), { caller: gone, callee: gone })).code, "turn_unreachable");
    assert.equal(verdictOf(input(unconnected(), { caller: holed, callee: holed })).code, "not_connected");
  });

  it("a microphone that was muted at any time is not silent, nor one that nothing is known of", () => {
    const audio = record({ isVideo: false });
    const deaf = ordinarySide(audio, () => ({ audioLevel: 0 }));
    const muted = ordinarySide(audio, undefined, [
      { atMs: 1_000, kind: "track", media: "audio", side: "local", state: "muted" },
    ]);
    assert.equal(verdictOf(input(audio, { caller: muted, callee: deaf })).code, "good");
    assert.equal(verdictOf(input(audio, { caller: { samples: muted.samples }, callee: deaf })).code, "good");
  });

  it("a page that was hidden saw no frozen picture, and heard of no missing one", () => {
    const hidden = [{ atMs: 2_000, kind: "page", state: "hidden" }] as const;
    const frozen = ordinarySide(video, () => ({ freezes: 1, freezeMs: 1_900, videoRecvKbps: 0 }), hidden);
    assert.equal(verdictOf(input(video, { ...fine, callee: frozen })).code, "good");
  });
});

describe("the clocks of the sides", () => {
  it("are read by how late the quickest report came", () => {
    const offMs = 7_200_000;
    const callee = ordinarySide(video, nothingSince(50_000), [{ atMs: 50_000, kind: "ice", state: "disconnected" }]);
    const shifted = {
      samples: callee.samples.map((sample) => ({ ...sample, t: sample.t - offMs })),
      timeline: {
        events: callee.timeline.events.map((event) => ({ ...event, t: event.t - offMs })),
        shiftMs: offMs,
      },
    };
    const verdict = verdictOf(input(video, { ...fine, callee: shifted }));
    assert.deepEqual([verdict.code, verdict.evidence[0]?.t], ["network_lost", answeredMs + 50_000]);
  });
});

describe("a verdict that is made again", () => {
  it("stands where it is made of less than the one before, or by older rules", () => {
    const whole = verdictsOf(input(video, fine));
    const swept = verdictsOf(input(video));
    assert.equal(replacesVerdict(undefined, swept), true);
    assert.equal(replacesVerdict(swept, whole), true);
    assert.equal(replacesVerdict(whole, swept), false);
    assert.equal(replacesVerdict(whole, { ...whole, rules: whole.rules + 1 }), true);
    assert.equal(replacesVerdict({ ...whole, rules: whole.rules + 1 }, whole), false);
  });
});
