import type { Sample } from "@echoo/protocol";
import { StatsDeltas } from "./stats-deltas.ts";
import { numberIn, type StatsEntry, StatsSnapshot, type StatsSource, textIn } from "./stats-snapshot.ts";

/** A figure that the browser does not know is undefined here and left out of the sample: absent, never 0. */
type Figures = { [Field in Exclude<keyof Sample, "t">]: Sample[Field] | undefined };

/** Makes samples of one connection out of the browser's counters (W3C, webrtc-stats). */
export class StatsSampler {
  #deltas = new StatsDeltas();

  /** Forgets the last report: the figures of a new connection or track do not continue the old. */
  reset(): void {
    this.#deltas = new StatsDeltas();
  }

  /** `video`: whether the other side sends a picture; without one its frame rate means nothing. */
  read(source: StatsSource, now: { readonly t: number; readonly video: boolean }): Sample {
    const stats = new StatsSnapshot(source);
    this.#deltas.turn();
    const figures: Partial<Figures> = {
      ...pathFigures(stats),
      ...this.#receivedFigures(stats),
      ...this.#sentFigures(stats),
      ...(now.video ? this.#pictureFigures(stats) : {}),
    };
    const known = Object.entries(figures).filter(([, value]) => value !== undefined);
    return { t: now.t, ...Object.fromEntries(known) };
  }

  /** Of the sound, which the score is about; of the picture where there is no sound. */
  #receivedFigures(stats: StatsSnapshot): Partial<Figures> {
    const all = stats.ofType("inbound-rtp");
    const sound = stats.ofType("inbound-rtp", "audio")[0] ?? all[0];
    if (sound === undefined) return {};
    const delta = (figure: string) => this.#deltas.of(sound, figure);
    return {
      jitterMs: scaled(numberIn(sound, "jitter"), 1000),
      lossPercent: lossPercent(delta("packetsLost"), delta("packetsReceived")),
      jitterBufferMs: scaled(ratio(delta("jitterBufferDelay"), delta("jitterBufferEmittedCount")), 1000),
      concealedPercent: percent(ratio(delta("concealedSamples"), delta("totalSamplesReceived"))),
      audioLevel: numberIn(sound, "audioLevel"),
      codec: textIn(stats.named(sound.codecId), "mimeType"),
      recvKbps: this.#kbps(all, "bytesReceived"),
      audioRecvKbps: this.#kbps(stats.ofType("inbound-rtp", "audio"), "bytesReceived"),
      videoRecvKbps: this.#kbps(stats.ofType("inbound-rtp", "video"), "bytesReceived"),
      nack: this.#deltas.sum(all, "nackCount"),
      pli: this.#deltas.sum(all, "pliCount"),
    };
  }

  #sentFigures(stats: StatsSnapshot): Partial<Figures> {
    const sent = stats.ofType("outbound-rtp");
    const reports = stats.ofType("remote-inbound-rtp");
    const report = reports.find((entry) => entry.kind === "audio") ?? reports[0];
    const picture = stats.ofType("outbound-rtp", "video")[0];
    return {
      sendLossPercent: percent(numberIn(report, "fractionLost")),
      sendKbps: this.#kbps(sent, "bytesSent"),
      audioSendKbps: this.#kbps(stats.ofType("outbound-rtp", "audio"), "bytesSent"),
      videoSendKbps: this.#kbps(stats.ofType("outbound-rtp", "video"), "bytesSent"),
      limitation: limitationOf(textIn(picture, "qualityLimitationReason")),
    };
  }

  #pictureFigures(stats: StatsSnapshot): Partial<Figures> {
    const picture = stats.ofType("inbound-rtp", "video")[0];
    if (picture === undefined) return {};
    const [freezes, frozenS] = [
      this.#deltas.of(picture, "freezeCount"),
      this.#deltas.of(picture, "totalFreezesDuration"),
    ];
    return {
      fps: numberIn(picture, "framesPerSecond"),
      width: numberIn(picture, "frameWidth"),
      height: numberIn(picture, "frameHeight"),
      freezes: notBackwards(freezes),
      freezeMs: scaled(notBackwards(frozenS), 1000),
    };
  }

  #kbps(entries: readonly StatsEntry[], figure: string): number | undefined {
    const rates = entries.flatMap((entry) => {
      const [bytes, elapsedMs] = [this.#deltas.of(entry, figure), this.#deltas.of(entry, "timestamp")];
      return bytes === undefined || bytes < 0 || !elapsedMs || elapsedMs < 0 ? [] : [(bytes * 8) / elapsedMs];
    });
    return rates.length === 0 ? undefined : rounded(rates.reduce((sum, rate) => sum + rate, 0));
  }
}

function pathFigures(stats: StatsSnapshot): Partial<Figures> {
  const pair = stats.selectedPair();
  const local = stats.named(pair?.localCandidateId);
  const report = stats.ofType("remote-inbound-rtp")[0];
  return {
    rttMs: scaled(numberIn(pair, "currentRoundTripTime") ?? numberIn(report, "roundTripTime"), 1000),
    availableKbps: scaled(numberIn(pair, "availableOutgoingBitrate"), 1 / 1000),
    pair: oneOf(["host", "srflx", "prflx", "relay"], textIn(local, "candidateType")),
    protocol: oneOf(["udp", "tcp", "tls"], textIn(local, "relayProtocol") ?? textIn(local, "protocol")),
    network: oneOf(["wifi", "cellular", "ethernet"], textIn(local, "networkType")),
    dataUsedBytes: dataUsed(stats),
  };
}

function dataUsed(stats: StatsSnapshot): number | undefined {
  const received = ["bytesReceived", "headerBytesReceived"];
  const sent = ["bytesSent", "headerBytesSent"];
  const amounts = [
    ...stats.ofType("inbound-rtp").flatMap((entry) => received.map((figure) => numberIn(entry, figure))),
    ...stats.ofType("outbound-rtp").flatMap((entry) => sent.map((figure) => numberIn(entry, figure))),
  ].filter((amount) => amount !== undefined);
  return amounts.length === 0 ? undefined : amounts.reduce((sum, amount) => sum + amount, 0);
}

/** `packetsLost` goes backwards when a packet that was given up arrives after all. */
function lossPercent(lost: number | undefined, received: number | undefined): number | undefined {
  if (lost === undefined || received === undefined || received < 0) return undefined;
  return percent(ratio(Math.max(0, lost), Math.max(0, lost) + received));
}

function limitationOf(reason: string | undefined): Sample["limitation"] {
  return oneOf(["none", "cpu", "bandwidth", "other"], reason);
}

function oneOf<T extends string>(known: readonly T[], value: string | undefined): T | undefined {
  return known.find((one) => one === value);
}

function ratio(part: number | undefined, whole: number | undefined): number | undefined {
  if (part === undefined || whole === undefined || part < 0 || whole <= 0) return undefined;
  return part / whole;
}

function percent(share: number | undefined): number | undefined {
  return share === undefined ? undefined : rounded(Math.min(100, Math.max(0, share * 100)));
}

function notBackwards(delta: number | undefined): number | undefined {
  return delta === undefined || delta < 0 ? undefined : delta;
}

function scaled(value: number | undefined, factor: number): number | undefined {
  return value === undefined || value < 0 ? undefined : rounded(value * factor);
}

/** To two decimals: more would be noise, and longer on the wire. */
function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
