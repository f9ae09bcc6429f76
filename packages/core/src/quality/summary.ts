/** The middle and the bad end of a figure over a call, by nearest rank. */
export interface Spread {
  readonly p50: number;
  readonly p95: number;
}

/** What one side measured over a whole call. A figure that was not measured is absent. */
export interface SideSummary {
  readonly mosModel: "g107-1";
  readonly samples: number;
  /** Time between neighbouring samples, a longer gap counting as 10 s. */
  readonly coveredMs: number;
  readonly mos?: { readonly p50: number; readonly p5: number };
  readonly rttMs?: Spread;
  readonly jitterMs?: Spread;
  readonly lossPercent?: Spread;
  readonly sendKbps?: Spread;
  readonly recvKbps?: Spread;
  /** Shares of the samples that have a score, each 0…1, that add up to 1: samples are equally far apart. */
  readonly levels?: { readonly good: number; readonly moderate: number; readonly poor: number };
  readonly freezes?: number;
  /** Whether any of the media went through a relay. */
  readonly relayed?: boolean;
  readonly networkChanges?: number;
  /** The network that most samples came over. */
  readonly network?: "wifi" | "cellular" | "ethernet";
  readonly dataUsedBytes?: number;
}
