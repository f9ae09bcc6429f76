import { z } from "zod";
import { endReasonCodes } from "../end-reasons.ts";
import * as f from "../fields.ts";
import { shortVerdict } from "../why/verdict-bodies.ts";
import { instant, moment } from "./wire-values.ts";

export const callStatusValue = z.enum(["completed", "failed", "rejected", "missed"]);
export const callDirection = z.enum(["incoming", "outgoing"]);
const maxDurationSec = 7 * 24 * 60 * 60;

/** A call as one viewer's history has it. */
export const call = z
  .object({
    callId: f.callId,
    caller: f.userId,
    callee: f.userId,
    peer: z.object({ phone: f.userId, displayName: z.string() }).describe("The other one."),
    direction: callDirection,
    isVideo: z.boolean(),
    status: callStatusValue,
    endReason: z.enum(endReasonCodes),
    endedBy: f.endedBy.optional(),
    startTime: instant,
    answeredAt: instant.optional(),
    endTime: instant,
    duration: f.count.describe("Whole seconds from the answer; 0 for an unanswered call."),
    hasStats: z.boolean(),
    quality: z
      .object({
        mos: z.number().min(1).max(4.5),
        level: f.qualityLevel,
        rttMs: z.number().optional(),
        lossPercent: z.number().optional(),
      })
      .optional()
      .describe("As the viewer's own side measured it, else the peer's; absent where neither did."),
    verdict: shortVerdict.optional().describe("What became of it, as this viewer may know; see the statistics."),
    seen: z.boolean(),
  })
  .meta({ id: "Call" });
export type CallBody = z.infer<typeof call>;

export const callPage = z
  .object({
    calls: z.array(call).describe("Newest first."),
    nextCursor: z.string().optional().describe("Absent on the last page."),
    unseenMissed: f.count,
  })
  .meta({ id: "CallPage" });
export type CallPage = z.infer<typeof callPage>;

/** A call that a client tells of. Its times come out as milliseconds, its duration in whole seconds. */
export const postedCall = z
  .object({
    callId: f.callId.optional().describe("Makes posting again change nothing; made up by the server where absent."),
    caller: f.typedId,
    callee: f.typedId,
    isVideo: z.boolean().default(false),
    startTime: moment,
    answeredAt: moment.optional(),
    endTime: moment.optional().describe("startTime plus duration where absent."),
    duration: z
      .number()
      .min(0)
      .max(maxDurationSec)
      .transform((seconds) => Math.floor(seconds))
      .default(0),
    status: callStatusValue,
    endReason: z.enum(endReasonCodes).optional().describe("The usual one of the status where absent."),
  })
  .meta({ id: "PostedCall" });
