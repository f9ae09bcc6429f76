export type { Authenticator, AuthResult } from "./access/authenticator.ts";
export { needsOwnToken } from "./access/open-access.ts";
export { isOpenToSome } from "./access/open-to-some.ts";
export { type Accounts, createAccounts } from "./accounts.ts";
export type { AccountsSettings } from "./accounts-settings.ts";
export { type ClientAddress, countKey, crowdFactor } from "./addresses/client-address.ts";
export {
  addressKey,
  type ConnectionFacts,
  factsOf,
  isLoopback,
  plainAddress,
  proxyHeaderOf,
} from "./addresses/connection-facts.ts";
export { listenedOn, type MachineFacts, networkAddresses, readMachine } from "./addresses/machine.ts";
export { mayConnect } from "./addresses/origin.ts";
export type { OwnHosts } from "./addresses/own-hosts.ts";
export type { TrustedProxies } from "./addresses/trusted-proxies.ts";
export { type Audit, type AuditEvent, auditEvents } from "./audit/audit.ts";
export { type AuditEntry, pseudonymOf } from "./audit/audit-entry.ts";
export { AuditFile } from "./audit/audit-file.ts";
export { AuditLog } from "./audit/audit-log.ts";
export { type AuditPage, type AuditPageQuery, type AuditPosition, readAuditPage } from "./audit/audit-page.ts";
export { type AuditedSettings, type OpenAudit, openAudit } from "./audit/open-audit.ts";
export { auditFilesIn, readAudit } from "./audit/read-audit.ts";
export { cleanText, withoutSecrets } from "./audit/redaction.ts";
export { auditTellsOfServer } from "./audit/tells-of-server.ts";
export { keySetFetcher } from "./external-jwt/fetch-key-set.ts";
export { countingWrong } from "./limits/counting-wrong.ts";
export { createAuditedRegistration } from "./registration/audited-registration.ts";
export type { CodeGateway, CodeToSend } from "./registration/code-gateway.ts";
export { codeHash } from "./registration/codes.ts";
export { handOverCode } from "./registration/handed-codes.ts";
export type { Invitation } from "./registration/invite-token.ts";
export { type MadeInvitation, makeInvitation } from "./registration/make-invitation.ts";
export type { Registration } from "./registration/registration.ts";
export type { Credentials } from "./tokens/credentials.ts";
export type { GoodToken } from "./tokens/good-token.ts";
export { isOperatorPass, makeOperatorPass } from "./tokens/operator-pass.ts";
export { findServerSecret, readServerSecret } from "./tokens/server-secret.ts";
export type { Tokens } from "./tokens/tokens.ts";
export type { UserFactsCache } from "./user-facts/user-facts-cache.ts";
export { visiblePresence } from "./user-facts/visible-presence.ts";
