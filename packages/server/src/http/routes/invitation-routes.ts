import { type Accounts, type Audit, countingWrong } from "@echoo/accounts";
import type { Log, Store } from "@echoo/core";
import { normalisePhone, Refusal } from "@echoo/protocol";
import { instantOf } from "../replies/instant.ts";
import { tokenOf } from "../requests/acting-user.ts";
import { invalid } from "../requests/request-context.ts";
import type { Handlers } from "../route.ts";

interface InvitationRouteDeps {
  readonly store: Pick<Store, "users">;
  readonly accounts: Pick<Accounts, "invitations" | "codes" | "wrongProofs">;
  readonly logger: Log<"info">;
  readonly audit: Audit;
  /** The address of the web phone that carries an invitation. */
  readonly inviteLink: (token: string) => string;
}

export function invitationRoutes(deps: InvitationRouteDeps): Handlers<"createInvitation" | "readInvitation"> {
  const { store, accounts, logger, audit } = deps;

  return {
    createInvitation: async ({ caller, body, address, requestId }) => {
      const { userId } = tokenOf(caller);
      const user = await store.users.find(userId);
      if (!user?.admin) throw new Refusal("forbidden", { message: "Only an administrator invites." });
      const phone = body?.phone === undefined ? undefined : parseUserId(body.phone);
      const { token, invitation } = accounts.invitations.make({ phone, displayName: body?.displayName });
      logger.info({ userId, invited: phone === undefined ? "anybody new" : "a number" }, "invitation made");
      audit.note("invitation_made", { user: userId, other: phone, address, requestId });
      const expiresAt = instantOf(invitation.expiresAtMs);
      const code = phone === undefined ? {} : { code: await accounts.codes.invite(phone, invitation) };
      return { status: 201, body: { invite: token, link: deps.inviteLink(token), ...code, expiresAt } };
    },

    readInvitation: async ({ body, client }) => {
      const read = () => accounts.invitations.read(body.invite);
      const { phone, displayName, admin, expiresAtMs } = await countingWrong(accounts.wrongProofs(client), read);
      const named = {
        ...(phone === undefined ? {} : { phone }),
        ...(displayName === undefined ? {} : { displayName }),
      };
      return { status: 200, body: { ...named, admin, expiresAt: instantOf(expiresAtMs) } };
    },
  };
}

/** Invitations are for telephone numbers, also where users of the host product speak here by its tokens. */
function parseUserId(text: string): string {
  const number = normalisePhone(text);
  if (number === undefined) throw invalid("phone", "a phone number of 3 to 15 digits");
  return number;
}
