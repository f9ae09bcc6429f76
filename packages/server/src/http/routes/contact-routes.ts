import { type Accounts, visiblePresence } from "@echoo/accounts";
import {
  type Clock,
  type Contact,
  inSteps,
  type Pause,
  type SignalingControl,
  type Store,
  type User,
} from "@echoo/core";
import { type ContactBody, limits, Refusal } from "@echoo/protocol";
import { shownName } from "../bodies/user-body.ts";
import { ownNumber, parseUserId } from "../requests/acting-user.ts";
import { requireQuota } from "../requests/require-quota.ts";
import type { Handlers } from "../route.ts";

const contactsPerStep = 50;

interface ContactRouteDeps {
  readonly store: Pick<Store, "users" | "contacts">;
  readonly accounts: Pick<Accounts, "userIdRule" | "userFacts" | "strangerQuota">;
  readonly live: Pick<SignalingControl, "findPresence" | "personChanged">;
  readonly clock: Pick<Clock, "now">;
  /** Ends a step of long work. */
  readonly pause: Pause;
}

export function contactRoutes(deps: ContactRouteDeps): Handlers<"listContacts" | "putContact" | "deleteContact"> {
  const { store, accounts, live, clock } = deps;

  async function contactBody(owner: string, { contact, name }: Contact, user: User | undefined): Promise<ContactBody> {
    if (user === undefined) return { phone: contact, name, registered: false };
    const { online } = await visiblePresence({ live, userFacts: accounts.userFacts }, owner, user);
    return { phone: contact, name, registered: true, ...(online === undefined ? {} : { online }) };
  }

  return {
    listContacts: async ({ caller, params, requireReader }) => {
      const owner = await ownNumber(deps, caller, params.phone);
      const contacts = await store.contacts.list(owner);
      const users = await store.users.findMany(contacts.map(({ contact }) => contact));
      const byId = new Map(users.map((user) => [user.id, user]));
      const bodies: ContactBody[] = [];
      // Each may have lists of their own to be read before it is known whether they show themselves to this owner.
      await inSteps(contacts, contactsPerStep, deps.pause, async (some) => {
        requireReader();
        const shown = some.map((contact) => contactBody(owner, contact, byId.get(contact.contact)));
        bodies.push(...(await Promise.all(shown)));
      });
      return { status: 200, body: { contacts: bodies } };
    },

    putContact: async ({ caller, params, body }) => {
      const owner = await ownNumber(deps, caller, params.phone);
      const number = parseUserId(deps, "contact", params.contact);
      if (number === owner) throw new Refusal("conflict", { message: "You cannot be your own contact." });
      await requireQuota(deps, owner, number);
      const user = await store.users.find(number);
      const name = body?.name ?? shownName(user, number);
      const contact: Contact = { contact: number, name, createdAtMs: clock.now() };
      const outcome = await store.contacts.put(owner, contact, limits.contactsPerUser);
      if (outcome === "full") throw new Refusal("conflict", { message: "Your list of contacts is full." });
      await live.personChanged(owner);
      const reply = { contact: await contactBody(owner, contact, user) };
      return { status: outcome === "created" ? 201 : 200, body: reply };
    },

    deleteContact: async ({ caller, params }) => {
      const owner = await ownNumber(deps, caller, params.phone);
      const removed = await store.contacts.remove(owner, parseUserId(deps, "contact", params.contact));
      if (!removed) throw new Refusal("not_found");
      await live.personChanged(owner);
      return { status: 200, body: { success: true } };
    },
  };
}
