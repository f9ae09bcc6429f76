import type { EchooRest } from "@echoo/client";
import { FetchedList, type ListView } from "./fetched-list.ts";

type Contact = Awaited<ReturnType<EchooRest["listContacts"]>>["contacts"][number];

export interface ContactsView extends ListView<Contact> {
  readonly contacts: readonly Contact[];
}

export interface Contacts extends ContactsView {
  refresh(): Promise<void>;
  /** Adds or renames one; the list is read again. Rejects with an EchooError. */
  put(number: string, name?: string): Promise<void>;
  remove(number: string): Promise<void>;
}

/** A user's contacts as the server has them. */
export class ContactsStore {
  readonly list: FetchedList<Contact>;
  readonly #rest: EchooRest;
  readonly #phone: string;

  constructor(rest: EchooRest, phone: string) {
    this.#rest = rest;
    this.#phone = phone;
    this.list = new FetchedList(() => {
      void this.refresh();
      return () => {};
    });
  }

  readonly refresh = (): Promise<void> =>
    this.list.load(async () => (await this.#rest.listContacts({ params: { phone: this.#phone } })).contacts);

  readonly put = async (number: string, name?: string): Promise<void> => {
    const params = { phone: this.#phone, contact: number };
    await this.#rest.putContact({ params, body: name === undefined ? {} : { name } });
    await this.refresh();
  };

  readonly remove = async (number: string): Promise<void> => {
    await this.#rest.deleteContact({ params: { phone: this.#phone, contact: number } });
    await this.refresh();
  };
}
