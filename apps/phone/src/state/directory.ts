import type { EchooClient } from "@echoo/client";
import { echoUserId, isNameShown, type PresenceEntry } from "@echoo/protocol";
import { say } from "../i18n/say.ts";
import type { Api, Contact } from "./api.ts";
import { Cell } from "./cell.ts";
import { Favourites } from "./people/favourites.ts";
import { Watched } from "./people/watched.ts";

interface ContactsView {
  readonly contacts: readonly Contact[];
  readonly state: "loading" | "ready" | "failed";
}

const maxNames = 1000;

/** The contacts and what is known of who is online. */
export class Directory {
  readonly view = new Cell<ContactsView>({ contacts: [], state: "loading" });
  readonly presence = new Cell<ReadonlyMap<string, PresenceEntry>>(new Map());
  /** Others that the server names as likely to be called. */
  readonly others = new Cell<readonly string[]>([]);
  /** Names that people gave themselves, learnt from calls and profiles. */
  readonly ownNames = new Cell<ReadonlyMap<string, string>>(new Map());
  /** Whom this person blocked. */
  readonly blocked = new Cell<ReadonlySet<string>>(new Set());
  readonly favourites: Favourites;
  /** Whose presence follows what happens; of the others it is as it was when they were read. */
  readonly watched: Watched;
  readonly #api: Api;
  #asked = 0;

  constructor(api: Api, client: EchooClient) {
    this.#api = api;
    this.favourites = new Favourites(client.userId);
    this.watched = new Watched(client);
    client.on("presence", (entries) => {
      const next = new Map(this.presence.value);
      for (const entry of entries) next.set(entry.userId, entry);
      this.presence.set(next);
    });
    client.on("users", (users) => this.others.set(users.filter((user) => user !== client.userId)));
  }

  /** Of two readings under way the later one counts: the earlier may not know of what was just added. */
  async reload(): Promise<void> {
    const asked = ++this.#asked;
    try {
      const contacts = await this.#api.contacts();
      if (asked !== this.#asked) return;
      this.view.set({ contacts, state: "ready" });
      this.watched.fill(contacts.map((contact) => contact.phone));
    } catch {
      if (asked === this.#asked) this.view.patch({ state: "failed" });
    }
  }

  /** Where the list cannot be read it stays as it was; a contact who is not in it is offered to be blocked. */
  async readBlocks(): Promise<void> {
    const blocked = await this.#api.blocks().catch(() => undefined);
    if (blocked) this.blocked.set(new Set(blocked));
  }

  async setBlocked(phone: string, on: boolean): Promise<void> {
    await this.#api.setBlocked(phone, on);
    const others = [...this.blocked.value].filter((other) => other !== phone);
    this.blocked.set(new Set(on ? [...others, phone] : others));
  }

  async add(phone: string, name: string | undefined): Promise<void> {
    await this.#api.putContact(phone, name);
    await this.reload();
  }

  async remove(phone: string): Promise<void> {
    await this.#api.deleteContact(phone);
    // A reading that is under way may still have them.
    this.#asked++;
    this.watched.drop([phone]);
    this.view.patch({ contacts: this.view.value.contacts.filter((contact) => contact.phone !== phone) });
  }

  /** Asks for the name of a user whom nothing here names yet. */
  async lookUp(userId: string): Promise<void> {
    if (userId === echoUserId || this.nameOf(userId) !== userId) return;
    // A number that may not be looked up, or that no user has, stays a number.
    const name = await this.#api.displayName(userId).catch(() => undefined);
    this.learnName(userId, name);
  }

  learnName(userId: string, name: string | undefined): void {
    const known = this.ownNames.value;
    if (!name || !isNameShown(name) || name === userId || known.get(userId) === name) return;
    this.ownNames.set(new Map([...known, [userId, name] as const].slice(-maxNames)));
  }

  /**
   * The name among the user's contacts, else the one that the other gave themselves, else the number. A name that
   * reads as a number is none: it would say that another person calls.
   */
  nameOf(userId: string): string {
    if (userId === echoUserId) return say.echo.name;
    const contact = this.view.value.contacts.find((known) => known.phone === userId);
    if (contact !== undefined && isNameShown(contact.name)) return contact.name;
    return this.ownNames.value.get(userId) ?? userId;
  }
}
