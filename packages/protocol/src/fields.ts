import { z } from "zod";
import { typedUserId } from "./identity.ts";
import { limits } from "./limits.ts";
import { cleanName } from "./typed/clean-name.ts";

/** The pieces that messages and endpoints are made of, each with its bound. */
export const text = (maxChars: number) => z.string().max(maxChars);
export const label = z.string().max(limits.labelChars);
/** A phone number as people write it, or an id of the host product; the server normalises it. */
export const userIdPattern = /^[\w.@:|+() -]+$/;
/** What of it is a phone number: all that a server takes which does not accept the host product's tokens. */
export const phonePattern = /^[ ().-]*[+]?(?:[ ().-]*[0-9]){3,15}[ ().-]*$/;
const oneUserId = (text: z.ZodString) =>
  text
    .min(1)
    .max(limits.userIdChars)
    .regex(userIdPattern, "a phone number of 3 to 15 digits")
    .meta({ examples: ["5551234567"] });
export const userId = oneUserId(z.string());
/** The same where people type or paste it: what `normalisePhone` makes a number of is one. */
export const typedId = oneUserId(z.string().overwrite(typedUserId));
/** What people or devices are called: what is invisible in it is dropped. */
export const name = (maxChars: number) => z.string().overwrite(cleanName).min(1).max(maxChars);
export const callId = z.string().min(1).max(limits.callIdChars);
/** A call id that its caller proposes. */
export const proposedCallId = z.uuid();
/** What the shipped app sends where it has no id: the empty string means "the call with this peer". */
export const looseCallId = z.string().max(limits.callIdChars);
export const deviceId = z.string().min(1).max(limits.deviceIdChars);
export const sessionId = z.string().min(1).max(limits.sessionIdChars);
export const tokenId = z.string().min(1).max(limits.tokenIdChars);
export const messageId = z.string().min(1).max(limits.messageIdChars);
export const sdp = z.string().min(1).max(limits.sdpChars).describe("Relayed as it is, byte for byte.");
export const count = z.int().nonnegative();
export const durationMs = z.int().nonnegative();
/** Milliseconds since the epoch. */
export const timeMs = z.number().min(0).max(limits.latestTimeMs).describe("Milliseconds since the epoch.");
export const flag = z.boolean();
export const neg = z
  .int()
  .nonnegative()
  .describe("Rises with each negotiation of a side; an answer names its offer's.");
export const sequence = z.int().nonnegative();

/** Whose doing the end of a call was, as the one who is told sees it. */
export const endedBy = z
  .enum(["you", "peer", "server"])
  .describe("Whose doing the end was; absent where that is not known.")
  .meta({ id: "EndedBy" });
export type EndedBy = z.infer<typeof endedBy>;

export const candidate = z
  .object({
    candidate: z.string().max(limits.candidateChars),
    sdpMid: z.string().max(limits.labelChars).nullish(),
    sdpMLineIndex: z.int().min(0).max(255).nullish(),
    usernameFragment: z.string().max(limits.labelChars).nullish(),
  })
  .meta({ id: "Candidate" });
export type Candidate = z.infer<typeof candidate>;

export const iceServer = z
  .object({
    urls: z.array(z.string()),
    username: z.string().optional(),
    credential: z.string().optional(),
  })
  .meta({ id: "IceServer" });
export type IceServer = z.infer<typeof iceServer>;

export const qualityLevel = z.enum(["good", "moderate", "poor"]);
export type QualityLevel = z.infer<typeof qualityLevel>;
