import type { VerdictCode } from "@echoo/protocol";
import type { FigureHistogram, QualityFigure } from "./figure-histogram.ts";

/** What quality over time is told by; `all` has one group, without a name. */
export const qualityDimensions = ["all", "network", "relay", "platform", "client", "version"] as const;
export type QualityDimension = (typeof qualityDimensions)[number];
/** What a row is by: the hours of a dimension, or its whole days. */
export type QualityRow = QualityDimension | `${QualityDimension}/day`;

/** What the sides of one group come to in an hour. */
export interface HourGroup {
  /** Sides of calls, two of each. */
  readonly sides: number;
  readonly answered: number;
  /** Sides whose median score is good, moderate, poor. */
  readonly levels: readonly [good: number, moderate: number, poor: number];
  readonly verdicts: { readonly [C in VerdictCode]?: number };
  readonly figures: { readonly [F in QualityFigure]?: FigureHistogram };
}

/** By the value of the dimension. */
export type HourGroups = Readonly<Record<string, HourGroup>>;

/** Values of one dimension in one hour; the rarest ones beyond are one, `other`. */
export const hourGroupsMax = 50;
export const otherGroup = "other";
