import { z } from "zod";
import * as f from "../fields.ts";
import { limits } from "../limits.ts";
import { call, callDirection, callPage, callStatusValue, postedCall } from "./call-bodies.ts";
import { done } from "./replies.ts";
import { endpoint } from "./row.ts";
import { moment, queryMoment, wholeNumber } from "./wire-values.ts";

const tag = "Calls";
const ofUser = z.object({ phone: f.typedId });
const defaultPage = 50;

export const callEndpoints = {
  listCalls: endpoint({
    operationId: "listCalls",
    method: "GET",
    path: "/api/calls/:phone",
    tag,
    auth: "open",
    doc: "One's call history, newest first, page by page. A page may have fewer calls than asked for, or none, and a next one.",
    params: ofUser,
    query: z.object({
      limit: wholeNumber(1, limits.historyPage)
        .default(defaultPage)
        .describe(`Calls a page; ${defaultPage} if absent.`),
      cursor: z.string().min(1).max(limits.cursorChars).optional().describe("nextCursor of the page before."),
      direction: callDirection.optional(),
      status: callStatusValue.optional(),
      since: queryMoment.optional().describe("Calls that began then or later."),
      until: queryMoment.optional().describe("Calls that began before then."),
    }),
    responses: { 200: callPage },
  }),
  saveCall: endpoint({
    operationId: "saveCall",
    method: "POST",
    path: "/api/calls",
    tag,
    auth: "open",
    doc:
      "Saves the record of a call, by one of its parties. Idempotent by callId; never changes what the server itself " +
      "saw of a call. Shown to its poster alone until the other party posts it as well. Of what the server did not see " +
      `a user's newest ${limits.postedCallsPerUser} calls are kept, and ${limits.postedCallsPerDay} new ones a day are taken.`,
    body: postedCall,
    responses: { 200: z.object({ call }), 201: z.object({ call }) },
    errors: ["forbidden", "self_call", "conflict"],
  }),
  markCallsSeen: endpoint({
    operationId: "markCallsSeen",
    method: "POST",
    path: "/api/calls/:phone/seen",
    tag,
    auth: "token",
    doc: "Marks one's missed calls as seen, all of them or those that began up to a moment.",
    params: ofUser,
    body: z.object({ until: moment.optional() }).optional(),
    responses: { 200: z.object({ marked: f.count, unseenMissed: f.count }) },
  }),
  getCall: endpoint({
    operationId: "getCall",
    method: "GET",
    path: "/api/calls/:phone/:callId",
    tag,
    auth: "token",
    doc: "One call of one's history, however old.",
    params: ofUser.extend({ callId: f.callId }),
    responses: { 200: z.object({ call }) },
    errors: ["unknown_call"],
  }),
  hideCall: endpoint({
    operationId: "hideCall",
    method: "DELETE",
    path: "/api/calls/:phone/:callId",
    tag,
    auth: "token",
    doc: "Hides a call from one's own history; the other party keeps it.",
    params: ofUser.extend({ callId: f.callId }),
    responses: { 200: done },
    errors: ["unknown_call"],
  }),
};
