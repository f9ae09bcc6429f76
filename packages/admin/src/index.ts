export { type AdminOperation, EchooAdmin, type EchooAdminOptions, type TokenOfAdmin } from "./echoo-admin.ts";
export { EchooAdminError } from "./echoo-admin-error.ts";
export { type UserTokenOptions, userToken } from "./user-token.ts";
export { type ReceivedWebhook, verifyWebhook, type WebhookEvent, type WebhookHeaders } from "./verify-webhook.ts";
