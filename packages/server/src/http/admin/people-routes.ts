import type { Accounts, Audit, AuditEvent } from "@echoo/accounts";
import { type Clock, InvalidCursor, type Pause, type SignalingControl, type Store, type User } from "@echoo/core";
import { limits, Refusal } from "@echoo/protocol";
import { parseUserId, tokenOf } from "../requests/acting-user.ts";
import type { Caller } from "../requests/authenticate.ts";
import { invalid, type RequestContext } from "../requests/request-context.ts";
import type { Handlers } from "../route.ts";
import { type EraseDeps, erasePerson } from "../routes/erase-person.ts";
import { adminDeviceBody, adminPersonBody, adminTokenBody } from "./admin-person-body.ts";
import type { LookNotes } from "./look-notes.ts";
import { searchPeople } from "./search-people.ts";

export interface AdminPeopleDeps extends EraseDeps {
  readonly store: Pick<Store, "users" | "tokens" | "pushDevices">;
  readonly accounts: Pick<Accounts, "credentials" | "tokens" | "userFacts" | "userIdRule">;
  readonly live: Pick<
    SignalingControl,
    "personChanged" | "findPresence" | "tokenRevoked" | "userErased" | "userLoggedOut" | "userSuspended"
  >;
  readonly clock: Pick<Clock, "now">;
  readonly pause: Pause;
  readonly audit: Audit;
}

type LookIds = "adminListPeople" | "adminGetPerson";
type ChangeIds = "adminUpdatePerson" | "adminErasePerson" | "adminRevokeToken" | "adminRevokeAllTokens";

type AskedBy = Pick<RequestContext, "address" | "requestId"> & { readonly caller: Caller };

export function adminPeopleRoutes(deps: AdminPeopleDeps, looks: LookNotes): Handlers<LookIds | ChangeIds> {
  return { ...peopleLooks(deps, looks), ...peopleChanges(deps) };
}

async function existing(deps: AdminPeopleDeps, phone: string): Promise<User> {
  const user = await deps.store.users.find(parseUserId(deps, "phone", phone));
  if (user === undefined) throw new Refusal("not_found", { message: "Nobody is known under that number." });
  return user;
}

function peopleLooks(deps: AdminPeopleDeps, looks: LookNotes): Handlers<LookIds> {
  const { store, accounts, live, clock } = deps;
  return {
    adminListPeople: async ({ query }) => {
      const after = query.cursor === undefined ? undefined : decodeAfter(query.cursor);
      const { people, looked, next } = await searchPeople(deps, { ...query, after });
      const more = next === undefined ? {} : { nextCursor: encodeAfter(next) };
      return {
        status: 200,
        body: { people: await Promise.all(people.map((user) => adminPersonBody(user, live))), looked, ...more },
      };
    },

    adminGetPerson: async ({ params, ...asked }) => {
      const user = await existing(deps, params.phone);
      looks.note(asked, { event: "admin_looked_at_account", other: user.id, note: "whole" });
      const [tokens, devices] = await Promise.all([
        accounts.tokens.list(user.id),
        store.pushDevices.list(user.id, clock.now()),
      ]);
      const person = await adminPersonBody(user, live);
      return {
        status: 200,
        body: { person, tokens: tokens.map(adminTokenBody), devices: devices.map(adminDeviceBody) },
      };
    },
  };
}

function peopleChanges(deps: AdminPeopleDeps): Handlers<ChangeIds> {
  const { accounts, live } = deps;

  function note(event: AuditEvent, { caller, address, requestId }: AskedBy, other: string): void {
    deps.audit.note(event, { user: tokenOf(caller).userId, other, address, requestId });
  }

  return {
    adminUpdatePerson: async ({ params, body, ...asked }) => {
      let user = await existing(deps, params.phone);
      const noted = (event: AuditEvent) => note(event, asked, user.id);
      if (body.admin === false && user.admin) user = await unmakeAdmin(deps, user, noted);
      if (body.suspended === false && user.suspended) user = await unsuspend(deps, user, noted);
      if (body.suspended === true && !user.suspended) user = await suspend(deps, user, noted);
      if (body.admin === true && !user.admin) user = await makeAdmin(deps, user, noted);
      return { status: 200, body: { person: await adminPersonBody(user, live) } };
    },

    adminErasePerson: async ({ params, body, ...asked }) => {
      const user = await existing(deps, params.phone);
      if (parseUserId(deps, "phone", body.phone) !== user.id)
        throw invalid("phone", "the number of the account once more");
      if (user.admin) throw conflict("An administrator is not erased; make them a user like others first.");
      await erasePerson(deps, user.id);
      note("admin_erased_account", asked, user.id);
      return { status: 200, body: { success: true } };
    },

    adminRevokeToken: async ({ params, ...asked }) => {
      const { id: userId } = await existing(deps, params.phone);
      if (!(await accounts.tokens.revoke(userId, params.id))) throw new Refusal("not_found");
      live.tokenRevoked(params.id);
      await accounts.userFacts.refresh(userId);
      note("admin_revoked_token", asked, userId);
      return { status: 200, body: { success: true } };
    },

    adminRevokeAllTokens: async ({ params, ...asked }) => {
      const { id: userId } = await existing(deps, params.phone);
      await accounts.credentials.revokeAll(userId);
      live.userLoggedOut(userId);
      await accounts.userFacts.refresh(userId);
      note("admin_revoked_all_tokens", asked, userId);
      return { status: 200, body: { success: true } };
    },
  };
}

type Noted = (event: AuditEvent) => void;
type ChangeDeps = Pick<AdminPeopleDeps, "store" | "accounts" | "live">;

/** Whoever could speak as an unproven number until now would be an administrator with it. */
async function makeAdmin({ store }: ChangeDeps, user: User, noted: Noted): Promise<User> {
  if (user.suspended) throw conflict("A suspended account is not made an administrator; lift the suspension first.");
  if (user.proof === undefined) {
    throw conflict(`This number was never proven. Invite it with: npx echoo invite ${user.id} --admin`);
  }
  const made = (await store.users.update(user.id, { admin: true })) ?? user;
  noted("admin_granted");
  return made;
}

async function unmakeAdmin({ store }: ChangeDeps, user: User, noted: Noted): Promise<User> {
  const outcome = await store.users.removeAdmin(user.id);
  if (outcome === "last") throw conflict("This is the last administrator; make another one first.");
  if (outcome === "removed") noted("admin_removed");
  return { ...user, admin: false };
}

/** First the mark, then all tokens: one that is being made meanwhile finds the mark. */
async function suspend({ store, accounts, live }: ChangeDeps, user: User, noted: Noted): Promise<User> {
  if (user.admin) throw conflict("An administrator is not suspended; make them a user like others first.");
  const suspended = (await store.users.update(user.id, { suspended: true })) ?? user;
  await accounts.credentials.revokeAll(user.id);
  live.userSuspended(user.id);
  await live.personChanged(user.id);
  noted("admin_suspended");
  return suspended;
}

async function unsuspend({ store }: ChangeDeps, user: User, noted: Noted): Promise<User> {
  const lifted = (await store.users.update(user.id, { suspended: false })) ?? user;
  noted("admin_unsuspended");
  return lifted;
}

function conflict(message: string): Refusal {
  return new Refusal("conflict", { message });
}

function encodeAfter(userId: string): string {
  return Buffer.from(userId).toString("base64url");
}

function decodeAfter(cursor: string): string {
  const userId = Buffer.from(cursor, "base64url").toString();
  if (userId === "" || userId.length > limits.userIdChars || encodeAfter(userId) !== cursor) throw new InvalidCursor();
  return userId;
}
