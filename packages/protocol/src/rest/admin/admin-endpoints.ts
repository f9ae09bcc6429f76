import { z } from "zod";
import { endReasonCodes } from "../../end-reasons.ts";
import * as f from "../../fields.ts";
import { limits } from "../../limits.ts";
import { verdictCodes } from "../../why/verdicts.ts";
import { done } from "../replies.ts";
import { endpoint } from "../row.ts";
import { queryMoment, wholeNumber } from "../wire-values.ts";
import {
  adminCall,
  adminCallDetails,
  adminPerson,
  adminPersonDetails,
  adminRunningCall,
  adminSettings,
  auditPage,
} from "./admin-bodies.ts";
import { adminNow } from "./now-body.ts";
import { adminQuality, qualityBy } from "./quality-body.ts";

const tag = "Administration";
const ofPerson = z.object({ phone: f.typedId });
const ofCall = z.object({ callId: f.callId });
const cursor = f.text(limits.cursorChars).optional().describe("From an earlier page.");
const pageLimit = wholeNumber(1, limits.adminPage).default(50);
const nextCursor = z.string().optional().describe("Absent on the last page.");

export const adminEndpoints = {
  adminNow: endpoint({
    operationId: "adminNow",
    method: "GET",
    path: "/api/admin/now",
    tag,
    auth: "admin",
    doc: "The installation at this moment.",
    responses: { 200: adminNow },
  }),
  adminWatchNow: endpoint({
    operationId: "adminWatchNow",
    method: "GET",
    path: "/api/admin/now/stream",
    tag,
    auth: "admin",
    doc: "The same again and again, as lines of JSON (`AdminNow`), one a second, until the token is no longer an administrator's.",
    contentType: "application/x-ndjson",
    responses: { 200: z.string() },
  }),
  adminListCalls: endpoint({
    operationId: "adminListCalls",
    method: "GET",
    path: "/api/admin/calls",
    tag,
    auth: "admin",
    doc: "Calls that ended, of at most 31 days. Of more than 10,000 in that time the newest 10,000 are looked at.",
    query: z.object({
      phone: f.typedId.optional().describe("A party's exact number."),
      name: f
        .name(limits.displayNameChars)
        .optional()
        .describe("A part of a party's name: of the first 10 people with it."),
      reason: z.enum(endReasonCodes).optional(),
      verdict: z.enum(verdictCodes).optional(),
      level: f.qualityLevel.optional().describe("Of the side that fared worse."),
      since: queryMoment.optional().describe("Began then or later; 24 hours ago where absent."),
      until: queryMoment.optional().describe("Began before then; now where absent."),
      order: z
        .enum(["newest", "worst"])
        .default("newest")
        .describe("worst: the lowest score first, those without one last."),
      limit: pageLimit,
      cursor,
    }),
    responses: {
      200: z.object({
        calls: z.array(adminCall),
        looked: f.count.describe("Calls that were looked at for this page."),
        isComplete: z.boolean().describe("False where there were more than 10,000 to look at."),
        nextCursor,
      }),
    },
    errors: ["unavailable"],
  }),
  adminListRunningCalls: endpoint({
    operationId: "adminListRunningCalls",
    method: "GET",
    path: "/api/admin/running-calls",
    tag,
    auth: "admin",
    doc: "Calls under way, newest first; of more than 200 the newest.",
    responses: { 200: z.object({ calls: z.array(adminRunningCall), running: f.count.describe("In all.") }) },
  }),
  adminGetCall: endpoint({
    operationId: "adminGetCall",
    method: "GET",
    path: "/api/admin/calls/:callId",
    tag,
    auth: "admin",
    doc: "One call, running or ended, with what both sides measured.",
    params: ofCall,
    responses: { 200: adminCallDetails },
    errors: ["unknown_call"],
  }),
  adminEndCall: endpoint({
    operationId: "adminEndCall",
    method: "POST",
    path: "/api/admin/calls/:callId/end",
    tag,
    auth: "admin",
    doc: "Ends a call that is under way, as `admin_ended`.",
    params: ofCall,
    responses: { 200: done },
    errors: ["unknown_call"],
  }),
  adminGetQuality: endpoint({
    operationId: "adminGetQuality",
    method: "GET",
    path: "/api/admin/quality",
    tag,
    auth: "admin",
    doc: "Quality over time, from what the hours were counted to: percentiles and shares, against the week before.",
    query: z.object({
      by: qualityBy.default("all"),
      days: wholeNumber(1, limits.adminSearchDays).default(7),
      until: queryMoment.optional().describe("Hours that began before then; now where absent."),
    }),
    responses: { 200: adminQuality },
  }),
  adminListPeople: endpoint({
    operationId: "adminListPeople",
    method: "GET",
    path: "/api/admin/people",
    tag,
    auth: "admin",
    doc: "Accounts by number. A page looks at 10,000 at most; it may have fewer than its limit, or none, though there is a next one.",
    query: z.object({
      search: f
        .name(limits.displayNameChars)
        .optional()
        .describe("The beginning of a number, or a part of a name in small or capital letters."),
      only: z.enum(["admin", "suspended"]).optional(),
      limit: pageLimit,
      cursor,
    }),
    responses: { 200: z.object({ people: z.array(adminPerson), looked: f.count, nextCursor }) },
  }),
  adminGetPerson: endpoint({
    operationId: "adminGetPerson",
    method: "GET",
    path: "/api/admin/people/:phone",
    tag,
    auth: "admin",
    doc: "One account with its devices. Contacts and blocks are nobody else's business.",
    params: ofPerson,
    responses: { 200: adminPersonDetails },
  }),
  adminUpdatePerson: endpoint({
    operationId: "adminUpdatePerson",
    method: "PUT",
    path: "/api/admin/people/:phone",
    tag,
    auth: "admin",
    doc: "Makes or unmakes an administrator, never the last; suspends an account, or lifts it. 409 where both would meet.",
    params: ofPerson,
    body: z
      .object({ admin: z.boolean().optional(), suspended: z.boolean().optional() })
      .meta({ id: "AdminPersonUpdate" }),
    responses: { 200: z.object({ person: adminPerson }) },
    errors: ["conflict"],
  }),
  adminErasePerson: endpoint({
    operationId: "adminErasePerson",
    method: "POST",
    path: "/api/admin/people/:phone/erase",
    tag,
    auth: "admin",
    doc: "Erases an account and its data as its owner would; not an administrator's (409). The body has the number once more.",
    params: ofPerson,
    body: z.object({ phone: f.typedId }).meta({ id: "AdminErasure" }),
    responses: { 200: done },
    errors: ["conflict"],
  }),
  adminRevokeToken: endpoint({
    operationId: "adminRevokeToken",
    method: "DELETE",
    path: "/api/admin/people/:phone/tokens/:id",
    tag,
    auth: "admin",
    doc: "Signs one device of an account out.",
    params: ofPerson.extend({ id: f.tokenId }),
    responses: { 200: done },
  }),
  adminRevokeAllTokens: endpoint({
    operationId: "adminRevokeAllTokens",
    method: "DELETE",
    path: "/api/admin/people/:phone/tokens",
    tag,
    auth: "admin",
    doc: "Signs all devices of an account out.",
    params: ofPerson,
    responses: { 200: done },
  }),
  adminListSettings: endpoint({
    operationId: "adminListSettings",
    method: "GET",
    path: "/api/admin/settings",
    tag,
    auth: "admin",
    doc: "The settings in force, without secrets.",
    responses: { 200: adminSettings },
  }),
  adminListAudit: endpoint({
    operationId: "adminListAudit",
    method: "GET",
    path: "/api/admin/audit",
    tag,
    auth: "admin",
    doc: "The audit log, newest first. A page looks at 10,000 entries at most; it may have fewer than its limit, or none, though there is a next one.",
    query: z.object({
      phone: f.typedId.optional().describe("Entries by this number, and about it."),
      event: f.text(64).optional(),
      since: queryMoment.optional(),
      until: queryMoment.optional(),
      limit: pageLimit,
      cursor,
    }),
    responses: { 200: auditPage },
  }),
};
