import type { TrustedProxies } from "./addresses/trusted-proxies.ts";

/** The settings that decide who may speak as whom. */
export interface AccountsSettings {
  /** Where commands leave what they made for the server. */
  readonly dataDir: string;
  readonly production: boolean;
  readonly rateLimits: boolean;
  readonly host: string;
  readonly hosts: readonly string[];
  readonly origins: readonly string[];
  readonly publicUrl: string | undefined;
  readonly trustProxy: TrustedProxies | undefined;
  readonly openAccess: "local" | "off" | "all";
  readonly legacyJoin: "verified-address" | "off";
  readonly proof: "invite" | "webhook" | "dev";
  readonly jwtSecret: string | undefined;
  readonly jwksUrl: string | undefined;
  readonly jwtUserClaim: string;
  readonly jwtIssuer: string | undefined;
  readonly jwtAudience: string | undefined;
}
