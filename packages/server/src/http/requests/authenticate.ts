import type { Accounts, Audit, GoodToken } from "@echoo/accounts";
import { Refusal, type RestRow } from "@echoo/protocol";
import type { Config } from "../../config/read-config.ts";
import { bearerOf } from "./bearer.ts";
import { isMetricsToken } from "./metrics-token.ts";
import type { RequestContext } from "./request-context.ts";

/** Who speaks: a user by token, a program of the operator, a client that open access covers, or any other client. */
export type Caller =
  | { readonly kind: "user"; readonly userId: string; readonly token: GoodToken }
  | { readonly kind: "operator" }
  | { readonly kind: "covered" }
  | { readonly kind: "anybody" };

export interface AuthenticationDeps {
  readonly config: Pick<Config, "metricsToken" | "production">;
  readonly accounts: Pick<Accounts, "credentials" | "openAccess" | "verifiedAddresses">;
  readonly audit: Audit;
  /** Whether a command of the operator on this machine shows it. */
  readonly isPass: (text: string) => boolean;
}

/** A token that is sent decides, whatever the endpoint asks for; a wrong one is refused. */
export async function authenticate(
  deps: AuthenticationDeps,
  context: RequestContext,
  { auth, takesMetricsToken, takesPass }: Pick<RestRow, "auth" | "takesMetricsToken" | "takesPass">,
): Promise<Caller> {
  const { authorization } = context.facts.headers;
  if (authorization !== undefined) {
    if (takesPass && deps.isPass(bearerOf(authorization) ?? "")) return { kind: "operator" };
    if (takesMetricsToken && isMetricsToken(deps.config, authorization)) return { kind: "operator" };
    return byToken(deps, context, authorization);
  }
  switch (auth) {
    case "none":
      return { kind: "anybody" };
    case "token":
    case "admin":
      throw new Refusal("unauthorized");
    case "open":
      return byOpenAccess(deps, context);
  }
}

async function byToken(deps: AuthenticationDeps, context: RequestContext, authorization: string): Promise<Caller> {
  const secret = bearerOf(authorization);
  try {
    const token = secret === undefined ? undefined : await deps.accounts.credentials.check(secret);
    if (token === undefined) {
      throw new Refusal("unauthorized", { message: "The token is unknown, expired or revoked." });
    }
    // As of when it came: should the token end meanwhile, it ended after this.
    await deps.accounts.credentials.welcome(token, context.startedAtMs);
    await deps.accounts.verifiedAddresses.note(token, context.client, context.startedAtMs);
    return { kind: "user", userId: token.userId, token };
  } catch (error) {
    if (error instanceof Refusal && error.code === "unauthorized") {
      const { address, requestId } = context;
      deps.audit.note("login_refused", { address, requestId, how: "token", refusal: error.code });
    }
    throw error;
  }
}

function byOpenAccess({ accounts, config }: AuthenticationDeps, { facts }: RequestContext): Caller {
  const coverage = accounts.openAccess.coverage(facts);
  if (coverage.covered) return { kind: "covered" };
  // The reason helps a developer who tries Echoo out, and is told to no other client.
  const why = config.production ? "" : ` Open access does not cover this: ${coverage.why}.`;
  throw new Refusal("unauthorized", { message: `A valid token is needed.${why}` });
}
