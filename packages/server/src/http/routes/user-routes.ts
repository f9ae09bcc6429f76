import type { Accounts, Audit } from "@echoo/accounts";
import type { PresenceChoice, SignalingControl, User, UserChanges } from "@echoo/core";
import { Refusal } from "@echoo/protocol";
import { type ExportDeps, exportOf } from "../bodies/export-account.ts";
import { ownUserBody, profileBody } from "../bodies/user-body.ts";
import { needsToken, ownNumber, parseUserId, tokenOf } from "../requests/acting-user.ts";
import { requireQuota } from "../requests/require-quota.ts";
import type { Handlers, StreamingHandlers } from "../route.ts";
import { type EraseDeps, erasePerson } from "./erase-person.ts";

interface UserRouteDeps extends ExportDeps, EraseDeps {
  readonly accounts: Pick<Accounts, "credentials" | "strangerQuota" | "userFacts" | "userIdRule">;
  readonly live: Pick<SignalingControl, "personChanged" | "findPresence" | "userErased">;
  readonly audit: Audit;
}

export function userRoutes(
  deps: UserRouteDeps,
): Handlers<"getUser" | "updateUser" | "deleteUser"> & StreamingHandlers<"exportUser"> {
  const { store, accounts, live, audit } = deps;

  async function existing(userId: string): Promise<User> {
    const user = await store.users.find(userId);
    if (user === undefined) throw new Refusal("not_found", { message: "Nobody is known under that number." });
    return user;
  }

  return {
    getUser: async ({ caller, params }) => {
      const number = parseUserId(deps, "phone", params.phone);
      if (caller.kind === "anybody") throw needsToken();
      const viewer = caller.kind === "user" ? caller.userId : await ownNumber(deps, caller, number);
      if (viewer === number) return { status: 200, body: { user: await ownUserBody(await existing(number), live) } };
      await requireQuota(deps, viewer, number);
      const profile = { live, userFacts: accounts.userFacts };
      return { status: 200, body: { user: await profileBody(profile, viewer, await existing(number)) } };
    },

    updateUser: async ({ caller, params, body }) => {
      const number = await ownNumber(deps, caller, params.phone);
      await existing(number);
      const user = (await store.users.update(number, changesOf(body))) ?? (await existing(number));
      await live.personChanged(number);
      return { status: 200, body: { user: await ownUserBody(user, live) } };
    },

    deleteUser: async ({ caller, params, address, requestId }) => {
      const number = await ownNumber(deps, caller, params.phone);
      await erasePerson(deps, number);
      audit.note("account_erased", { user: number, address, requestId });
      return { status: 200, body: { success: true } };
    },

    exportUser: async ({ caller, params, address, requestId }) => {
      const number = await ownNumber(deps, caller, params.phone);
      const onBegin = () => audit.note("account_exported", { user: number, address, requestId });
      return exportOf(deps, await existing(number), tokenOf(caller), onBegin);
    },
  };
}

interface ProfileChanges {
  readonly displayName?: string | undefined;
  readonly presence?: PresenceChoice | undefined;
  readonly doNotDisturb?: boolean | undefined;
}

/** Only what was sent: an absent field changes nothing. */
function changesOf({ displayName, presence, doNotDisturb }: ProfileChanges): UserChanges {
  return {
    ...(displayName === undefined ? {} : { displayName }),
    ...(presence === undefined ? {} : { presence }),
    ...(doNotDisturb === undefined ? {} : { doNotDisturb }),
  };
}
