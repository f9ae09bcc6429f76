import { z } from "zod";
import { endReasonCodes } from "../../end-reasons.ts";
import * as f from "../../fields.ts";
import { callVerdict, shortVerdict } from "../../why/verdict-bodies.ts";
import { callStatusValue } from "../call-bodies.ts";
import { ownUser } from "../people.ts";
import { callSide } from "../stats-bodies.ts";
import { instant } from "../wire-values.ts";
import { runningState } from "./now-body.ts";

const party = z.object({ phone: f.userId, displayName: z.string(), device: z.string().optional() });
const common = {
  callId: f.callId,
  caller: party,
  callee: party,
  isVideo: z.boolean(),
  startTime: instant,
  answeredAt: instant.optional(),
};

/** A call that ended, whole; one that its callee knows nothing of is as its caller sees it. */
export const adminCall = z
  .object({
    ...common,
    ringingAt: instant.optional(),
    connectedAt: instant.optional(),
    endTime: instant,
    duration: f.count.describe("Whole seconds from the answer."),
    status: callStatusValue,
    endReason: z.enum(endReasonCodes),
    endedBy: z.enum(["caller", "callee", "server"]).optional().describe("Absent where that is not known."),
    glare: z.boolean().describe("Both dialled each other."),
    reconnects: f.count,
    mos: z.number().min(1).max(4.5).optional().describe("Of the side that fared worse: the median, estimated."),
    level: f.qualityLevel.optional(),
    verdict: shortVerdict.optional().describe("What became of it, as the operator may know."),
    reported: z.boolean().describe("Clients told of it; the server did not see it itself."),
  })
  .meta({ id: "AdminCall" });
export type AdminCallBody = z.infer<typeof adminCall>;

/** A call under way. */
export const adminRunningCall = z
  .object({
    ...common,
    state: runningState,
    sides: z.array(
      z.object({
        role: z.enum(["caller", "callee"]),
        mos: z.number().min(1).max(4.5),
        level: f.qualityLevel,
        warnings: z.array(z.string()),
      }),
    ),
  })
  .meta({ id: "AdminRunningCall" });
export type AdminRunningCallBody = z.infer<typeof adminRunningCall>;

export const adminCallDetails = z
  .object({
    call: adminCall.optional().describe("Once it has ended."),
    running: adminRunningCall.optional().describe("While it is under way."),
    verdict: callVerdict.optional().describe("In words, with the evidence of both sides; once it was made."),
    sides: z.array(callSide).max(2).describe("Those that have statistics, with what happened on both."),
  })
  .meta({ id: "AdminCallDetails" });
export type AdminCallDetails = z.infer<typeof adminCallDetails>;

export const adminPerson = ownUser
  .extend({ suspended: z.boolean().describe("No sign-in, and offline to others.") })
  .meta({ id: "AdminPerson" });
export type AdminPerson = z.infer<typeof adminPerson>;

const adminToken = z
  .object({
    id: f.tokenId,
    device: f.deviceId.optional(),
    createdAt: instant,
    lastUsedAt: instant,
    expiresAt: instant,
  })
  .meta({ id: "AdminToken" });
export type AdminToken = z.infer<typeof adminToken>;

const adminDevice = z
  .object({
    deviceId: f.deviceId,
    platform: z.enum(["web", "fcm", "apns"]),
    name: z.string().optional(),
    registeredAt: instant,
  })
  .meta({ id: "AdminDevice" });
export type AdminDevice = z.infer<typeof adminDevice>;

export const adminPersonDetails = z.object({
  person: adminPerson,
  tokens: z.array(adminToken).describe("Signed-in devices, newest first."),
  devices: z.array(adminDevice).describe("Devices that ring by push; where each is reached is not told."),
});

const adminSetting = z
  .object({
    name: z.string(),
    group: z.string(),
    doc: z.string(),
    value: z.string().optional().describe("In force; absent where it is not set, and of secrets."),
    secret: z.boolean(),
    isSet: z.boolean().describe("Whether it has a value at all."),
    isDefault: z.boolean(),
  })
  .meta({ id: "AdminSetting" });
export type AdminSetting = z.infer<typeof adminSetting>;
export const adminSettings = z.object({ settings: z.array(adminSetting) });

const auditEntry = z
  .object({
    time: instant,
    event: z.string(),
    outcome: z.enum(["ok", "refused"]),
    user: z.string().optional().describe("Who did it: the last two digits, which is all that the log holds."),
    other: z.string().optional().describe("To whom, likewise."),
    address: z.string().optional().describe("The network that it came from."),
    device: z.string().optional(),
    requestId: z.string().optional(),
    how: z.string().optional(),
    code: z.string().optional().describe("Why it was refused."),
    note: z.string().optional(),
    count: f.count.optional(),
    sources: f.count.optional(),
  })
  .meta({ id: "AuditEntry" });
export type AuditEntryBody = z.infer<typeof auditEntry>;

export const auditPage = z.object({
  entries: z.array(auditEntry).describe("Newest first."),
  events: z.record(z.string(), z.string()).describe("Every event there is, with the sentence that explains it."),
  nextCursor: z.string().optional().describe("Absent on the last page."),
});
