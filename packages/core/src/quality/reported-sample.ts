import type { ReportedSample, Sample } from "@echoo/protocol";

/**
 * A sample of the shipped app in the words of everybody else's. The app writes 0 for a round trip that it does not
 * know, and its counters may go backwards: what cannot be true is left out, so that nothing is estimated from it.
 * Its `networkQuality` is dropped: the score is Echoo's own, from the figures.
 */
export function fromReportedSample(reported: ReportedSample): Sample {
  return {
    t: reported.timestamp,
    ...known("rttMs", reported.rttMs, (ms) => ms > 0),
    ...known("lossPercent", reported.packetLossPercent, (percent) => percent >= 0 && percent <= 100),
    ...known("sendKbps", reported.sendBitrateKbps, isAmount),
    ...known("recvKbps", reported.receiveBitrateKbps, isAmount),
    ...known("dataUsedBytes", reported.dataUsedBytes, isAmount),
  };
}

function isAmount(value: number): boolean {
  return value >= 0;
}

function known<Field extends keyof Sample>(
  field: Field,
  value: number | undefined,
  plausible: (value: number) => boolean,
): { [F in Field]?: number } {
  return value !== undefined && plausible(value) ? ({ [field]: value } as { [F in Field]?: number }) : {};
}
