import type { Instant } from "../client-clock.ts";
import type { Flow } from "./fake-transceivers.ts";

type Entry = { readonly id: string; readonly [figure: string]: unknown };

interface Path {
  readonly nowMs: Instant;
  readonly elapsedMs: number;
  readonly rttMs: number;
  readonly lossPercent: number;
}

/** Packets a second and bytes a packet, about those of Opus at 32 kbit/s and of a small picture. */
const rates = { audio: { packets: 50, bytes: 80 }, video: { packets: 100, bytes: 1000 } } as const;

/** A report in the shape of Chromium's, with counters that grow as the clock moves. */
export function fakeStats(path: Path, flows: readonly Flow[]): ReadonlyMap<string, object> {
  const entries = [
    { id: "T01", type: "transport", selectedCandidatePairId: "CP01" },
    { id: "L01", type: "local-candidate", candidateType: "host", protocol: "udp", networkType: "ethernet" },
    {
      id: "CP01",
      type: "candidate-pair",
      state: "succeeded",
      nominated: true,
      localCandidateId: "L01",
      currentRoundTripTime: path.rttMs / 1000,
      availableOutgoingBitrate: 2_000_000,
    },
    { id: "C111", type: "codec", mimeType: "audio/opus", sdpFmtpLine: "minptime=10;useinbandfec=1" },
    ...flows.flatMap((flow) => [...received(path, flow), ...sent(path, flow)]),
  ];
  return new Map(entries.map((entry) => [entry.id, { timestamp: path.nowMs, ...entry }]));
}

function received(path: Path, { mid, kind, receiving }: Flow): Entry[] {
  if (!receiving) return [];
  const count = Math.floor((path.elapsedMs / 1000) * rates[kind].packets);
  const lost = Math.floor((count * path.lossPercent) / 100);
  const common = {
    id: `I${mid}`,
    type: "inbound-rtp",
    kind,
    ssrc: 1000 + Number(mid),
    packetsReceived: count - lost,
    packetsLost: lost,
    bytesReceived: (count - lost) * rates[kind].bytes,
    headerBytesReceived: (count - lost) * 12,
    jitter: 0.004,
    nackCount: 0,
  };
  const picture = { framesPerSecond: 30, frameWidth: 640, frameHeight: 480, freezeCount: 0, totalFreezesDuration: 0 };
  const sound = {
    codecId: "C111",
    jitterBufferDelay: count * 960 * 0.03,
    jitterBufferEmittedCount: count * 960,
    totalSamplesReceived: count * 960,
    concealedSamples: lost * 960,
    audioLevel: 0.2,
  };
  return [kind === "audio" ? { ...common, ...sound } : { ...common, ...picture }];
}

function sent(path: Path, { mid, kind, sending }: Flow): Entry[] {
  if (sending === null) return [];
  const count = Math.floor((path.elapsedMs / 1000) * rates[kind].packets);
  const common = {
    id: `O${mid}`,
    type: "outbound-rtp",
    kind,
    ssrc: 2000 + Number(mid),
    mediaSourceId: sending.id,
    packetsSent: count,
    bytesSent: count * rates[kind].bytes,
    headerBytesSent: count * 12,
  };
  const report = { id: `R${mid}`, type: "remote-inbound-rtp", kind, fractionLost: path.lossPercent / 100 };
  return [kind === "audio" ? common : { ...common, qualityLimitationReason: "none" }, report];
}
