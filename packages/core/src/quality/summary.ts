/** The middle and the bad end of a figure over a call. */
export interface Spread {
  readonly p50: number;
  readonly p95: number;
}

/** What one side measured over a whole call. A figure that nobody measured is absent. */
export interface SideSummary {
  readonly mosModel: "g107-1";
  readonly samples: number;
  readonly coveredMs: number;
  readonly mos?: { readonly p50: number; readonly p5: number };
  readonly rttMs?: Spread;
  readonly jitterMs?: Spread;
  readonly lossPercent?: Spread;
  readonly sendKbps?: Spread;
  readonly recvKbps?: Spread;
  /** Shares of the time, each 0…1, that add up to 1. */
  readonly levels?: { readonly good: number; readonly moderate: number; readonly poor: number };
  readonly freezes?: number;
  readonly relayed?: boolean;
  readonly networkChanges?: number;
  readonly dataUsedBytes?: number;
}
