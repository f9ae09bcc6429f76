import { z } from "zod";
import { endReasonCodes } from "../../end-reasons.ts";
import * as f from "../../fields.ts";
import { instant } from "../wire-values.ts";

const minutesShown = 60;

export const runningState = z.enum(["calling", "ringing", "connecting", "active", "reconnecting"]);

/** How one part of the installation is. */
const healthPart = z.object({
  part: z.enum(["database", "journal", "audit", "push", "turn", "codes"]),
  state: z.enum(["ok", "degraded", "away", "off"]).describe("off: it is not set up."),
  note: z.string().optional().describe("A sentence for the operator."),
});

const node = z.object({
  name: z.string(),
  online: f.count.describe("Users."),
  calls: z.object({ calling: f.count, ringing: f.count, connecting: f.count, active: f.count, reconnecting: f.count }),
  version: z.string(),
  uptimeSec: z.number().nonnegative(),
});

/** The installation at this moment. */
export const adminNow = z
  .object({
    at: instant,
    nodes: z.array(node).describe("One where there is one."),
    minutes: z
      .array(z.object({ start: instant, ended: z.partialRecord(z.enum(endReasonCodes), f.count) }))
      .max(minutesShown)
      .describe(
        "Calls that ended in each of the last 60 minutes, by reason, oldest first; minutes without any are left out.",
      ),
    setUp: z
      .object({ calls: f.count, p50Ms: f.durationMs, p95Ms: f.durationMs })
      .optional()
      .describe("From the offer until media flowed, of the last 60 minutes; absent without such calls."),
    quality: z
      .object({ good: f.count, moderate: f.count, poor: f.count })
      .describe("Sides of running calls by their last estimated score."),
    warnings: z.record(z.string(), f.count).describe("Sides of running calls by what warns of them; none is absent."),
    health: z.array(healthPart),
    problems: z.array(z.object({ code: z.string(), message: z.string() })).describe("How the server is set up wrong."),
  })
  .meta({ id: "AdminNow" });
export type AdminNow = z.infer<typeof adminNow>;
