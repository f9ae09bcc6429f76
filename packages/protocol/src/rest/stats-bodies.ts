import { z } from "zod";
import * as f from "../fields.ts";
import { limits } from "../limits.ts";
import { reportedStats, sample } from "../samples.ts";
import { reportEvent, reportedEvents } from "../why/report-events.ts";
import { callVerdict } from "../why/verdict-bodies.ts";
import { day } from "./wire-values.ts";

const spread = z.object({ p50: z.number(), p95: z.number() });
const share = z.number().min(0).max(1);

/** What one side measured over a whole call. A figure that was not measured is absent. */
const sideSummary = z
  .object({
    mosModel: z.literal("g107-1").describe("ITU-T G.107 simplified; every MOS here is an estimate."),
    samples: f.count,
    coveredMs: f.durationMs,
    mos: z.object({ p50: z.number(), p5: z.number() }).optional(),
    rttMs: spread.optional(),
    jitterMs: spread.optional(),
    lossPercent: spread.optional(),
    sendKbps: spread.optional(),
    recvKbps: spread.optional(),
    levels: z
      .object({ good: share, moderate: share, poor: share })
      .optional()
      .describe("Shares of the samples that have a score; they add up to 1."),
    freezes: f.count.optional(),
    relayed: z.boolean().optional(),
    networkChanges: f.count.optional(),
    network: z.enum(["wifi", "cellular", "ethernet"]).optional().describe("That most samples came over."),
    dataUsedBytes: z.number().nonnegative().optional(),
  })
  .meta({ id: "SideSummary" });
export type SideSummaryBody = z.infer<typeof sideSummary>;

const reportedSummary = z.object(reportedStats).partial().meta({ id: "ReportedSummary" });

export const callSide = z
  .object({
    phone: f.userId,
    role: z.enum(["caller", "callee"]),
    summary: sideSummary.optional(),
    reported: reportedSummary.optional().describe("What the client said by itself, kept as it came."),
    report: z
      .object({
        events: z.array(reportEvent).describe("By their number: the first and the newest."),
        missing: f.count.describe("Events that were counted and not kept, or never came."),
        shiftMs: z.number().optional().describe("What to add to the client's times to have the server's."),
      })
      .optional()
      .describe("What this side's client told of the call. Of one's own side alone."),
    samples: z.array(sample).describe("Oldest first."),
  })
  .meta({ id: "CallSide" });
export type CallSide = z.infer<typeof callSide>;

export const callStatistics = z
  .object({
    callId: f.callId,
    verdict: callVerdict.optional().describe("Absent while the call goes on, and where none was made."),
    sides: z.array(callSide).max(2).describe("Those that have statistics."),
  })
  .meta({ id: "CallStatistics" });
export type CallStatistics = z.infer<typeof callStatistics>;

const mosPercentiles = z
  .object({ p5: z.number(), p50: z.number(), p95: z.number() })
  .describe("Over the calls' medians; estimated (g107-1).");
const totals = {
  calls: f.count,
  minutes: z.number().nonnegative().describe("Of answered calls, from the answer."),
  missed: f.count.describe("Incoming calls that this user missed."),
  answerRate: share.optional().describe("Answered calls among all; absent without calls."),
  mos: mosPercentiles.optional(),
  dataUsedBytes: z.number().nonnegative(),
};

export const userStatistics = z
  .object({
    ...totals,
    days: z.array(z.object({ date: day, ...totals })).describe("Days of UTC with calls, oldest first."),
  })
  .meta({ id: "UserStatistics" });
export type UserStatistics = z.infer<typeof userStatistics>;

export const uploadedSamples = z
  .object({
    samples: z.array(sample).min(1).max(limits.uploadedSamples).optional(),
    events: reportedEvents.optional().describe("As in `report`."),
    sentAt: f.timeMs.optional().describe("With events: when they were sent, by the client's clock."),
    batch: f.messageId.optional().describe("Names the upload: the same again changes nothing."),
  })
  .meta({ id: "UploadedSamples" });
