import type { CallQuality, Instant } from "@echoo/client";
import type { QualityLevel, Sample } from "@echoo/protocol";

interface Counters {
  readonly atMs: Instant;
  readonly bytesSent: number;
  readonly bytesReceived: number;
  readonly packetsReceived: number;
  readonly packetsLost: number;
  readonly emitted: number;
  readonly bufferDelaySec: number;
}

const processingMs = 20;
const levels = { good: 4, moderate: 3.1 };

/** How a quality is called, as the server calls those that it measured itself. */
export function levelOf(mos: number): QualityLevel {
  return mos >= levels.good ? "good" : mos >= levels.moderate ? "moderate" : "poor";
}

/** Reads the figures of a call to oneself. What a browser does not tell stays absent. */
export class LoopbackSampler {
  #before: Counters | undefined;

  take(report: RTCStatsReport, atMs: Instant): Sample {
    const rows = [...(report as unknown as Map<string, StatsRow>).values()];
    const counters = countersOf(rows, atMs);
    const before = this.#before ?? counters;
    this.#before = counters;
    const seconds = (counters.atMs - before.atMs) / 1000;
    const kbps = (bytes: number) => (seconds > 0 ? Math.max(0, Math.round((bytes * 8) / 1000 / seconds)) : undefined);
    const lost = Math.max(0, counters.packetsLost - before.packetsLost);
    const packets = lost + Math.max(0, counters.packetsReceived - before.packetsReceived);
    const emitted = counters.emitted - before.emitted;
    const rtt = rows.find((row) => row.type === "candidate-pair" && row.nominated)?.currentRoundTripTime;
    return {
      t: atMs,
      rttMs: rtt === undefined ? undefined : Math.round(rtt * 1000),
      lossPercent: packets > 0 ? (100 * lost) / packets : undefined,
      sendKbps: kbps(counters.bytesSent - before.bytesSent),
      recvKbps: kbps(counters.bytesReceived - before.bytesReceived),
      jitterBufferMs: emitted > 0 ? ((counters.bufferDelaySec - before.bufferDelaySec) / emitted) * 1000 : undefined,
      dataUsedBytes: counters.bytesSent + counters.bytesReceived,
    };
  }

  quality(sample: Sample): CallQuality {
    const mos = estimateMos(sample);
    return { mos, level: levelOf(mos), warnings: [], sample };
  }
}

/** The few fields of the statistics that are read here; the W3C's identifiers. */
interface StatsRow {
  readonly type: string;
  readonly kind?: string;
  readonly nominated?: boolean;
  readonly currentRoundTripTime?: number;
  readonly bytesSent?: number;
  readonly bytesReceived?: number;
  readonly packetsReceived?: number;
  readonly packetsLost?: number;
  readonly jitterBufferEmittedCount?: number;
  readonly jitterBufferDelay?: number;
}

function countersOf(rows: readonly StatsRow[], atMs: Instant): Counters {
  const inbound = rows.filter((row) => row.type === "inbound-rtp");
  const sum = (from: readonly StatsRow[], read: (row: StatsRow) => number | undefined) =>
    from.reduce((total, row) => total + (read(row) ?? 0), 0);
  const sound = inbound.filter((row) => row.kind === "audio");
  return {
    atMs,
    bytesSent: sum(
      rows.filter((row) => row.type === "outbound-rtp"),
      (row) => row.bytesSent,
    ),
    bytesReceived: sum(inbound, (row) => row.bytesReceived),
    packetsReceived: sum(inbound, (row) => row.packetsReceived),
    packetsLost: sum(inbound, (row) => row.packetsLost),
    emitted: sum(sound, (row) => row.jitterBufferEmittedCount),
    bufferDelaySec: sum(sound, (row) => row.jitterBufferDelay),
  };
}

/** ITU-T G.107 simplified, as the server computes it for calls that it sees. */
function estimateMos({ rttMs = 0, lossPercent = 0, jitterBufferMs = 0 }: Sample): number {
  const delayMs = rttMs / 2 + jitterBufferMs + processingMs;
  const delayLoss = 0.024 * delayMs + (delayMs > 177.3 ? 0.11 * (delayMs - 177.3) : 0);
  const equipmentLoss = (95 * lossPercent) / (lossPercent + 10);
  const r = Math.min(100, Math.max(0, 93.2 - delayLoss - equipmentLoss));
  return Math.min(4.5, Math.max(1, 1 + 0.035 * r + 7e-6 * r * (r - 60) * (100 - r)));
}
