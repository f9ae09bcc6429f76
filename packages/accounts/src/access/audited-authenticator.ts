import { readUserId, type UserIdRule } from "@echoo/protocol";
import { clientOf } from "../addresses/client-address.ts";
import type { TrustedProxies } from "../addresses/trusted-proxies.ts";
import type { Audit } from "../audit/audit.ts";
import type { Authenticator } from "./authenticator.ts";

interface AuditedGateDeps {
  readonly audit: Audit;
  readonly userIdRule: UserIdRule;
  readonly trustProxy: TrustedProxies | undefined;
}

/**
 * An authenticator that keeps account of who came in and who was turned away. Coming in with a token of Echoo's own is no news:
 * getting that token was.
 */
export function auditedAuthenticator(
  authenticator: Authenticator,
  { audit, userIdRule, trustProxy }: AuditedGateDeps,
): Authenticator {
  return {
    async admit(claim, facts) {
      const admission = await authenticator.admit(claim, facts);
      const { address } = clientOf(facts, trustProxy);
      if (!admission.ok) {
        const user = claim.userId === undefined ? undefined : readUserId(claim.userId, userIdRule);
        const how = claim.token === undefined ? {} : { how: "token" as const };
        if (admission.code === "unauthorized") {
          audit.note("login_refused", { user, address, ...how, refusal: admission.code, note: admission.message });
        }
        return admission;
      }
      const { userId: user, token, viaOpenAccess } = admission;
      if (token === undefined) {
        audit.note("logged_in", { user, address, how: viaOpenAccess ? "open access" : "known address" });
      } else if (token.kind === "host") {
        audit.note("logged_in", { user, address, how: "jwt" });
      }
      return admission;
    },
  };
}
