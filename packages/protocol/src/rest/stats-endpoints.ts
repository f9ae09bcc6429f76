import { z } from "zod";
import * as f from "../fields.ts";
import { limits } from "../limits.ts";
import { endpoint } from "./row.ts";
import { callStatistics, uploadedSamples, userStatistics } from "./stats-bodies.ts";
import { wholeNumber } from "./wire-values.ts";

const tag = "Statistics";
const ofUser = z.object({ phone: f.typedId });
const defaultDays = 30;

export const statsEndpoints = {
  getStatistics: endpoint({
    operationId: "getStatistics",
    method: "GET",
    path: "/api/stats/:phone",
    tag,
    auth: "token",
    doc: "One's calls, minutes and quality, in all and by day.",
    params: ofUser,
    query: z.object({
      days: wholeNumber(1, limits.statsDays).default(defaultDays).describe(`Days back; ${defaultDays} if absent.`),
    }),
    responses: { 200: userStatistics },
  }),
  getCallStatistics: endpoint({
    operationId: "getCallStatistics",
    method: "GET",
    path: "/api/stats/:phone/calls/:callId",
    tag,
    auth: "token",
    doc: "Both sides' samples and summaries of one of one's calls.",
    params: ofUser.extend({ callId: f.callId }),
    responses: { 200: callStatistics },
    errors: ["unknown_call"],
  }),
  uploadSamples: endpoint({
    operationId: "uploadSamples",
    method: "POST",
    path: "/api/stats/calls/:callId",
    tag,
    auth: "token",
    doc: "Uploads samples of one's own side afterwards; late, repeated or reordered batches give the same result.",
    params: z.object({ callId: f.callId }),
    body: uploadedSamples,
    maxBodyBytes: limits.restStatsBodyBytes,
    responses: { 200: z.object({ stored: f.count }) },
    errors: ["unknown_call", "too_late"],
  }),
};
