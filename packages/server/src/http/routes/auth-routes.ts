import type { Accounts, Audit, Registration } from "@echoo/accounts";
import type { SignalingControl } from "@echoo/core";
import { Refusal } from "@echoo/protocol";
import { tokenBody } from "../bodies/token-body.ts";
import { ownUserBody } from "../bodies/user-body.ts";
import { instantOf } from "../replies/instant.ts";
import { tokenOf } from "../requests/acting-user.ts";
import type { Handlers } from "../route.ts";

type AuthIds = "register" | "logout" | "listTokens" | "revokeToken" | "revokeAllTokens";

interface AuthRouteDeps {
  readonly accounts: Pick<Accounts, "credentials" | "tokens" | "userFacts">;
  readonly live: Pick<SignalingControl, "findPresence" | "tokenRevoked" | "userLoggedOut">;
  readonly audit: Audit;
}

export function authRoutes({ accounts, live, audit }: AuthRouteDeps, registration: Registration): Handlers<AuthIds> {
  return {
    register: async ({ body, caller, facts, client, requestId }) => {
      const bearer = caller.kind === "user" ? caller.token : undefined;
      // Its short life would become one of thirty days, out of the host product's reach.
      if (bearer?.kind === "host")
        throw new Refusal("forbidden", { message: "Your product's token is enough; send it." });
      const done = await registration.register(body, { facts, client, requestId }, bearer);
      if (!("user" in done)) return { status: 202, body: { status: "otp_sent", ...done } };
      const { user, created, issued } = done;
      const { secret: token, token: stored } = issued;
      const signedIn = { user: await ownUserBody(user, live), token, expiresAt: instantOf(stored.expiresAtMs) };
      return { status: created ? 201 : 200, body: signedIn };
    },

    logout: async ({ caller, address, requestId }) => {
      const token = tokenOf(caller);
      await accounts.credentials.revoke(token);
      live.tokenRevoked(token.id);
      // Its devices to push to went with it.
      await accounts.userFacts.refresh(token.userId);
      audit.note("logged_out", { user: token.userId, address, requestId });
      return { status: 200, body: { success: true } };
    },

    listTokens: async ({ caller }) => {
      const current = tokenOf(caller);
      const tokens = await accounts.tokens.list(current.userId);
      return { status: 200, body: { sessions: tokens.map((token) => tokenBody(token, current.id)) } };
    },

    revokeToken: async ({ caller, params, address, requestId }) => {
      const { userId } = tokenOf(caller);
      if (!(await accounts.tokens.revoke(userId, params.id))) throw new Refusal("not_found");
      live.tokenRevoked(params.id);
      await accounts.userFacts.refresh(userId);
      audit.note("token_revoked", { user: userId, address, requestId });
      return { status: 200, body: { success: true } };
    },

    revokeAllTokens: async ({ caller, address, requestId }) => {
      const { userId } = tokenOf(caller);
      await accounts.credentials.revokeAll(userId);
      live.userLoggedOut(userId);
      await accounts.userFacts.refresh(userId);
      audit.note("all_tokens_revoked", { user: userId, address, requestId });
      return { status: 200, body: { success: true } };
    },
  };
}
