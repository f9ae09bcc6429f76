import { z } from "zod";
import * as f from "../../fields.ts";
import { instant } from "../wire-values.ts";

/** What quality over time is told by, one at a time. */
export const qualityBy = z.enum(["all", "network", "relay", "platform", "client", "version"]);

const percentiles = z.object({ p50: z.number(), p95: z.number(), p99: z.number() });
const figures = z.object({
  mos: percentiles.optional(),
  rttMs: percentiles.optional(),
  jitterMs: percentiles.optional(),
  lossPercent: percentiles.optional(),
  setupMs: percentiles.optional(),
});

const qualityGroup = z
  .object({
    name: z.string().describe("Empty for all; `other` for the rarest ones, `unknown` where it was not told."),
    sides: f.count.describe("Sides of calls, two of each."),
    answered: f.count,
    levels: z.object({ good: f.count, moderate: f.count, poor: f.count }),
    verdicts: z.record(z.string(), f.count),
    figures,
  })
  .meta({ id: "QualityGroup" });
export type QualityGroupBody = z.infer<typeof qualityGroup>;

export const adminQuality = z
  .object({
    from: instant,
    until: instant,
    groups: z.array(qualityGroup).describe("The largest 20, then `other`."),
    before: z.array(qualityGroup).describe("The same time a week before; of more than 7 days, the time just before."),
    steps: z
      .array(z.object({ start: instant, sides: f.count, levels: qualityGroup.shape.levels, figures }))
      .describe(
        "Of everybody, hour by hour, or every six hours of more than 7 days; those without calls are left out.",
      ),
  })
  .meta({ id: "AdminQuality" });
export type AdminQuality = z.infer<typeof adminQuality>;
