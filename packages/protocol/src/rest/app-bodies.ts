import { z } from "zod";
import * as f from "../fields.ts";
import { limits } from "../limits.ts";
import { reportedStats } from "../samples.ts";
import { cleanName } from "../typed/clean-name.ts";
import { displayName } from "./people.ts";
import { instant } from "./wire-values.ts";

/** What its sender may leave out, or leave blank: both come out as absent. */
const name = z
  .string()
  .overwrite(cleanName)
  .max(limits.displayNameChars)
  .nullish()
  .transform((text) => (text === "" || text === null ? undefined : text));

export const appNumber = z.object({ phoneNumber: f.typedId }).meta({ id: "AppNumber" });
export const appCode = z
  .object({
    phoneNumber: f.typedId,
    otp: z.string().regex(/^\d{6}$/),
    deviceInfo: z.unknown().optional().describe("A text names the device in the list of tokens."),
  })
  .meta({ id: "AppCode" });
export const appName = z.object({ displayName }).meta({ id: "AppName" });
export const appNewContact = z.object({ phoneNumber: f.typedId, name }).meta({ id: "AppNewContact" });

export const appCodeSent = z
  .object({
    success: z.literal(true),
    message: z.string(),
    devOtp: z.string().optional().describe("Only in development and only under open access."),
  })
  .meta({ id: "AppCodeSent" });

const user = { id: f.userId, phoneNumber: f.userId, displayName: z.string() };
export const appSignedIn = z
  .object({ success: z.literal(true), user: z.object(user), authToken: z.string().describe("Shown this once.") })
  .meta({ id: "AppSignedIn" });
export const appProfile = z.object({ ...user, createdAt: instant }).meta({ id: "AppProfile" });
export type AppProfile = z.infer<typeof appProfile>;

/** A call as the app's history takes it: nothing is null, and figures that were not measured are left out. */
const appCall = z
  .object({
    _id: z.string(),
    callId: f.callId,
    caller: f.userId,
    callee: f.userId,
    isVideo: z.boolean(),
    duration: f.count.describe("Whole seconds."),
    status: z.enum(["completed", "missed", "rejected"]),
    startTime: instant,
    endTime: instant,
    hasStats: z.boolean(),
    avgBitrateKbps: z.number().optional().describe("The mean of both directions."),
    avgPacketLossPercent: z.number().optional(),
    avgRttMs: z.number().optional(),
    totalDataUsedMB: z
      .string()
      .regex(/^\d+\.\d\d$/)
      .optional(),
  })
  .meta({ id: "AppCall" });
export type AppCall = z.infer<typeof appCall>;
export const appCalls = z.object({ calls: z.array(appCall).describe("Newest first.") }).meta({ id: "AppCalls" });

const appStatistics = z
  .object({
    _id: z.string(),
    ...reportedStats,
    callId: f.callId,
    caller: f.userId,
    callee: f.userId,
    isVideo: z.boolean(),
    duration: f.count.describe("Whole seconds."),
    timestamp: instant,
  })
  .meta({ id: "AppStatistics" });
export type AppStatistics = z.infer<typeof appStatistics>;
export const appCallStatistics = z.object({ stats: appStatistics }).meta({ id: "AppCallStatistics" });
export const appStatisticsList = z.object({ stats: z.array(appStatistics) }).meta({ id: "AppStatisticsList" });

const appContact = z
  .object({ _id: z.string(), phoneNumber: f.userId, name: z.string(), isRegistered: z.boolean() })
  .meta({ id: "AppContact" });
export const appContacts = z.object({ contacts: z.array(appContact) }).meta({ id: "AppContacts" });
export const appContactAdded = z
  .object({ success: z.literal(true), isRegistered: z.boolean() })
  .meta({ id: "AppContactAdded" });

export const appTurn = z
  .object({ username: z.string(), password: z.string(), ttl: f.count.describe("Seconds."), uris: z.array(z.string()) })
  .meta({ id: "AppTurn" });
export const appHealth = z
  .object({
    status: z.literal("ok"),
    mongodb: z.enum(["connected", "disconnected"]).describe("Whether the database answers, whichever it is."),
  })
  .meta({ id: "AppHealth" });
