import type { EchooClient, EchooRest } from "@echoo/client";
import { useEchoo, useGiven } from "./echoo-context.ts";
import { storeOf } from "./store.ts";
import { type Contacts, ContactsStore } from "./stores/contacts-store.ts";
import { type History, HistoryStore } from "./stores/history-store.ts";
import { useStore } from "./use-store.ts";

const contactsOf = storeOf((client: EchooClient) => {
  return storeOf((rest: EchooRest) => new ContactsStore(rest, client.userId));
});
const historyOf = storeOf((client: EchooClient) => storeOf((rest: EchooRest) => new HistoryStore(rest, client)));

/** One's contacts, read when the first component shows them. */
export function useContacts(): Contacts {
  const store = contactsOf(useEchoo().client)(useGiven("rest"));
  const view = useStore(store.list);
  const { refresh, put, remove } = store;
  return { ...view, contacts: view.items, refresh, put, remove };
}

/** One's past calls, newest first, a page at a time. */
export function useHistory(): History {
  const store = historyOf(useEchoo().client)(useGiven("rest"));
  const view = useStore(store.list);
  const { refresh, more, hasMore } = store;
  return { ...view, calls: view.items, hasMore, refresh, more };
}
