import { limits, type ReportedSample, reportedQualities, type Sample } from "@echoo/protocol";

/**
 * A sample of the shipped app as one of Echoo's own form. The app writes 0 for a round trip that it does not
 * know, and its counters may go backwards: what cannot be true is left out, so that nothing is estimated from it.
 * Its own judgement stays beside the figures, for the app's own screens; the score is Echoo's, from the figures.
 */
export function fromReportedSample(reported: ReportedSample): Sample {
  return {
    t: reported.timestamp,
    ...known("rttMs", reported.rttMs, (ms) => ms > 0 && isAmount(ms)),
    ...known("lossPercent", reported.packetLossPercent, (percent) => percent >= 0 && percent <= 100),
    ...known("sendKbps", reported.sendBitrateKbps, isAmount),
    ...known("recvKbps", reported.receiveBitrateKbps, isAmount),
    ...known("dataUsedBytes", reported.dataUsedBytes, isAmount),
    ...judgement(reported.networkQuality),
  };
}

function isAmount(value: number): boolean {
  return value >= 0 && value <= limits.sampleFigure;
}

function known<Field extends keyof Sample>(
  field: Field,
  value: number | undefined,
  plausible: (value: number) => boolean,
): { [F in Field]?: number } {
  return value !== undefined && plausible(value) ? ({ [field]: value } as { [F in Field]?: number }) : {};
}

function judgement(word: string | undefined): Pick<Sample, "networkQuality"> {
  const known = reportedQualities.find((quality) => quality === word);
  return known === undefined ? {} : { networkQuality: known };
}
