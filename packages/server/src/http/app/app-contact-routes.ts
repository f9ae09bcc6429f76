import { tokenOf } from "../requests/acting-user.ts";
import type { Handlers } from "../route.ts";

export function appContactRoutes(
  contacts: Handlers<"listContacts" | "putContact" | "deleteContact">,
): Handlers<"appListContacts" | "appAddContact" | "appRemoveContact"> {
  return {
    appListContacts: async (request) => {
      const phone = tokenOf(request.caller).userId;
      const { body } = await contacts.listContacts({ ...request, params: { phone } });
      const shown = body.contacts.map((contact) => ({
        _id: contact.phone,
        phoneNumber: contact.phone,
        name: contact.name,
        isRegistered: contact.registered,
      }));
      return { status: 200, body: { contacts: shown } };
    },

    appAddContact: async (request) => {
      const phone = tokenOf(request.caller).userId;
      const { phoneNumber: contact, name } = request.body;
      const added = await contacts.putContact({ ...request, params: { phone, contact }, body: { name } });
      return { status: 200, body: { success: true, isRegistered: added.body.contact.registered } };
    },

    appRemoveContact: async (request) => {
      const phone = tokenOf(request.caller).userId;
      return contacts.deleteContact({ ...request, params: { phone, contact: request.params.phone } });
    },
  };
}
