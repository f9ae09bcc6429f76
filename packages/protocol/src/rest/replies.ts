import { z } from "zod";
import { errorCode } from "../server-messages.ts";

/** What every refusal over REST looks like. */
export const errorBody = z
  .object({
    error: z.string().describe("A sentence for people."),
    code: errorCode,
    details: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
    reason: z.string().optional().describe("With too_late: how the call ended."),
    requestId: z.string().describe("Names this request in the server's log."),
  })
  .meta({ id: "Error" });
export type ErrorBody = z.infer<typeof errorBody>;

/** Where there is nothing else to say. Never an empty body: the shipped app cannot parse one. */
export const done = z.object({ success: z.literal(true) }).meta({ id: "Done" });
