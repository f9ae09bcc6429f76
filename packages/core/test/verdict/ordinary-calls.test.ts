import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Sample } from "@echoo/protocol";
import { seededRandom } from "@echoo/testkit";
import type { EndedCall } from "../../src/call/record.ts";
import type { SideEvidence } from "../../src/verdict/verdict.ts";
import { verdictOf } from "../../src/verdict/verdict-of.ts";
import { answeredMs, input, ordinarySide, record, type Told } from "./verdict-fixtures.ts";

type Random = () => number;
type Change = (sample: Sample, at: number) => Partial<Sample>;

interface Ordinary {
  readonly record: EndedCall;
  readonly caller: SideEvidence;
  readonly callee: SideEvidence;
}

/** What an ordinary network does to figures: nothing that people would notice. */
function noise(random: Random): Change {
  const rttMs = 15 + random() * 200;
  return () => ({
    rttMs: rttMs + random() * 60,
    jitterMs: random() * 20,
    lossPercent: random() < 0.1 ? random() * 3 : 0,
    concealedPercent: random() * 4,
    audioLevel: random() < 0.4 ? 0 : random() / 3,
  });
}

function call(random: Random, changes: Partial<EndedCall> = {}): EndedCall {
  const talkMs = 2_000 + Math.floor(random() * 240_000);
  const connectedAtMs = answeredMs + 200 + Math.floor(random() * 2_500);
  return record({ connectedAtMs, endedAtMs: connectedAtMs + talkMs, ...changes });
}

const silent = { audioLevel: 0 };
const noPicture: Partial<Sample> = { videoRecvKbps: 0, videoSendKbps: 0 };

function withoutPicture({ samples, ...rest }: SideEvidence): SideEvidence {
  const bare = samples.map(
    ({ fps: _f, freezes: _z, freezeMs: _m, limitation: _l, videoRecvKbps: _r, videoSendKbps: _s, ...sample }) => sample,
  );
  return { ...rest, samples: bare };
}

/** Ordinary calls of each kind, by what both sides would tell and measure of them. */
const kinds: Readonly<Record<string, (random: Random) => Ordinary>> = {
  "audio only": (random) => {
    const of = call(random, { isVideo: false });
    const side = () => withoutPicture(ordinarySide(of, noise(random)));
    return { record: of, caller: side(), callee: side() };
  },
  "muted all along": (random) => {
    const of = call(random, { isVideo: random() < 0.5 });
    const muted: Told = { atMs: 900, kind: "track", side: "local", media: "audio", state: "muted", cause: "user" };
    const heard: Change = (sample, at) => ({ ...noise(random)(sample, at), ...silent });
    return { record: of, caller: ordinarySide(of, noise(random), [muted]), callee: ordinarySide(of, heard) };
  },
  "no camera": (random) => {
    const of = call(random);
    const camera: Told = { atMs: 100, kind: "media", audio: true, video: true, error: "NotFoundError" };
    const microphone: Told = { atMs: 200, kind: "media", audio: true, video: false };
    const caller = withoutPicture(ordinarySide(of, noise(random)));
    const callee = ordinarySide(of, (sample, at) => ({ ...noise(random)(sample, at), ...noPicture }), [
      camera,
      microphone,
    ]);
    return { record: of, caller, callee };
  },
  "one side leaves early": (random) => {
    const connectedAtMs = answeredMs + 300;
    const of = call(random, { connectedAtMs, endedAtMs: connectedAtMs + Math.floor(random() * 9_000) });
    return { record: of, caller: ordinarySide(of, noise(random)), callee: ordinarySide(of, noise(random)) };
  },
  "background tab": (random) => {
    const of = call(random);
    const hidden: Told = { atMs: 4_000, kind: "page", state: "hidden" };
    const side = ordinarySide(of, (sample, at) => ({ ...noise(random)(sample, at), freezes: 1, freezeMs: 1_700 }), [
      hidden,
    ]);
    // A hidden page's timers fire once a minute.
    const samples = side.samples.filter(({ t }, at) => t < answeredMs + 4_000 || at % 30 === 0);
    return { record: of, caller: { ...side, samples }, callee: ordinarySide(of, noise(random)) };
  },
  reload: (random) => {
    const of = call(random, { reconnects: 1 });
    const backMs = 10_000 + random() * 4_000;
    const away = ({ t }: Sample) => t > answeredMs + 6_000 && t < answeredMs + backMs;
    const left: readonly Told[] = [{ atMs: 6_000, kind: "page", state: "leaving" }];
    const caller = ordinarySide(of, noise(random), left);
    const broken: readonly Told[] = [
      { atMs: 7_500, kind: "ice", state: "disconnected" },
      { atMs: backMs, kind: "ice", state: "connected" },
    ];
    const stood: Change = (sample, at) =>
      away(sample) ? { recvKbps: 0, audioRecvKbps: 0, videoRecvKbps: 0 } : noise(random)(sample, at);
    const callee = ordinarySide(of, stood, broken);
    return { record: of, caller: { ...caller, samples: caller.samples.filter((one) => !away(one)) }, callee };
  },
};

describe("200 ordinary calls", () => {
  for (const [at, [kind, make]] of Object.entries(kinds).entries()) {
    it(`${kind}: are good or unknown, and so are those of which a report is lost`, () => {
      const random = seededRandom(1_000 + at);
      for (let n = 0; n < 34; n++) {
        const { record: of, caller, callee } = make(random);
        const lost: SideEvidence = { samples: caller.samples };
        for (const sides of [
          { caller, callee },
          { caller: callee, callee: caller },
          { caller: lost, callee },
        ]) {
          const { code, evidence } = verdictOf(input(of, sides));
          assert.ok(code === "good" || code === "unknown", `call ${n}: ${code}, ${JSON.stringify(evidence)}`);
        }
      }
    });
  }
});
