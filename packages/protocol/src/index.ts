export * from "./browser/client-limits.ts";
export * from "./browser/end-sentences.ts";
export * from "./browser/error-sentences.ts";
export * from "./browser/verdict-sentences.ts";
export * from "./client-messages.ts";
export * from "./close-codes.ts";
export * from "./end-reasons.ts";
export * from "./errors.ts";
export { evenly } from "./evenly.ts";
export type { Candidate, EndedBy, IceServer, QualityLevel } from "./fields.ts";
export * as fields from "./fields.ts";
export * from "./identity.ts";
export * from "./limits.ts";
export * from "./message.ts";
export * from "./message-rates.ts";
export * from "./parse.ts";
export { isTooDeep } from "./reading/json-depth.ts";
export type {
  AdminCallBody,
  AdminCallDetails,
  AdminDevice,
  AdminPerson,
  AdminRunningCallBody,
  AdminSetting,
  AdminToken,
  AuditEntryBody,
} from "./rest/admin/admin-bodies.ts";
export type { AdminNow } from "./rest/admin/now-body.ts";
export type { AdminQuality, QualityGroupBody } from "./rest/admin/quality-body.ts";
export type { WebhookBody, WebhookDeliveryBody } from "./rest/admin/webhook-endpoints.ts";
export type { AppCall, AppProfile, AppStatistics } from "./rest/app-bodies.ts";
export type { CallBody, CallPage } from "./rest/call-bodies.ts";
export * from "./rest/contract.ts";
export type { BlockBody, ContactBody, OwnToken, OwnUser, UserProfile } from "./rest/people.ts";
export type { PushDeviceBody, PushRegistration } from "./rest/push-endpoints.ts";
export { type ErrorBody, errorBody } from "./rest/replies.ts";
export {
  isCountedByAddress,
  isProbe,
  needsToken,
  type RestAuth,
  type RestMethod,
  type RestRow,
  type RestTag,
} from "./rest/row.ts";
export type { CallSide, CallStatistics, SideSummaryBody, UserStatistics } from "./rest/stats-bodies.ts";
export * from "./samples.ts";
export * from "./server-messages.ts";
export * from "./typed/clean-name.ts";
export * from "./typed/normalise-phone.ts";
export * from "./webhooks/webhook-events.ts";
export * from "./why/report-events.ts";
export type { CallVerdictBody } from "./why/verdict-bodies.ts";
export * from "./why/verdicts.ts";
