import { EchooRest, type Instant } from "@echoo/client";
import type { CallBody, CallPage, CallStatistics, ContactBody, OwnToken, UserStatistics } from "@echoo/protocol";
import { codeOf } from "../i18n/sentence-for.ts";
import type { Session } from "./session-keeper.ts";

export type CallRow = CallBody;
export type Contact = ContactBody;

/** A link for the person who is invited. */
export interface MadeInvitation {
  readonly phone: string | undefined;
  readonly link: string;
  readonly expiresAtMs: Instant;
}

/** What the page asks of the server over REST, in the name of the person signed in. */
export class Api {
  readonly #rest: EchooRest;
  readonly #phone: string;

  constructor({ phone, token }: Session) {
    this.#rest = new EchooRest({ token });
    this.#phone = phone;
  }

  /** For parts of the page that are fetched later, and ask what nothing else does. */
  get rest(): EchooRest {
    return this.#rest;
  }

  async logout(): Promise<void> {
    await this.#rest.logout();
  }

  /** Where this person is signed in: this page first, then what was used last. */
  async sessions(): Promise<readonly OwnToken[]> {
    const { sessions } = await this.#rest.listTokens();
    const lastUsed = (session: OwnToken) => Date.parse(session.lastUsedAt);
    return sessions.sort((a, b) => Number(b.current) - Number(a.current) || lastUsed(b) - lastUsed(a));
  }

  /** One that is gone already counts as ended. */
  async endSession(id: string): Promise<void> {
    await this.#rest.revokeToken({ params: { id } }).catch((error: unknown) => {
      if (codeOf(error) !== "not_found") throw error;
    });
  }

  async endAllSessions(): Promise<void> {
    await this.#rest.revokeAllTokens();
  }

  /** The name that a user has given themselves. */
  async displayName(userId: string): Promise<string> {
    return (await this.#rest.getUser({ params: { phone: userId } })).user.displayName;
  }

  /** Whether the server knows a user by this id. */
  isUser(userId: string): Promise<boolean> {
    return this.displayName(userId).then(
      () => true,
      () => false,
    );
  }

  async isAdmin(): Promise<boolean> {
    return (await this.#rest.getUser({ params: this.#me })).user.admin === true;
  }

  /** For administrators. Without a number it is for any new user. */
  async invite(phone: string | undefined, displayName: string | undefined): Promise<MadeInvitation> {
    const wish = { ...(phone === undefined ? {} : { phone }), ...(displayName === undefined ? {} : { displayName }) };
    const { invite, link, expiresAt } = await this.#rest.createInvitation({ body: wish });
    return { phone, link: reachable(link, invite), expiresAtMs: Date.parse(expiresAt) };
  }

  async contacts(): Promise<readonly Contact[]> {
    return (await this.#rest.listContacts({ params: this.#me })).contacts;
  }

  /** Without a name, a contact has the one that they chose themselves. */
  async putContact(contact: string, name: string | undefined): Promise<void> {
    await this.#rest.putContact({ params: { ...this.#me, contact }, body: name === undefined ? {} : { name } });
  }

  async deleteContact(contact: string): Promise<void> {
    await this.#rest.deleteContact({ params: { ...this.#me, contact } });
  }

  async blocks(): Promise<readonly string[]> {
    return (await this.#rest.listBlocks({ params: this.#me })).blocks.map(({ phone }) => phone);
  }

  async setBlocked(other: string, blocked: boolean): Promise<void> {
    const params = { ...this.#me, other };
    await (blocked ? this.#rest.putBlock({ params }) : this.#rest.deleteBlock({ params }));
  }

  /** Those that this person missed, newest first. */
  missedCalls(query: { readonly limit: number; readonly cursor?: string }): Promise<CallPage> {
    return this.#rest.listCalls({ params: this.#me, query: { ...query, direction: "incoming", status: "missed" } });
  }

  calls(query: { readonly limit: number; readonly cursor?: string }): Promise<CallPage> {
    return this.#rest.listCalls({ params: this.#me, query });
  }

  /** One call of one's own history, however old. */
  async call(callId: string): Promise<CallRow> {
    return (await this.#rest.getCall({ params: { ...this.#me, callId } })).call;
  }

  async markSeen(): Promise<void> {
    await this.#rest.markCallsSeen({ params: this.#me, body: {} });
  }

  async hideCall(callId: string): Promise<void> {
    await this.#rest.hideCall({ params: { ...this.#me, callId } });
  }

  callStatistics(callId: string): Promise<CallStatistics> {
    return this.#rest.getCallStatistics({ params: { ...this.#me, callId } });
  }

  statistics(days: number): Promise<UserStatistics> {
    return this.#rest.getStatistics({ params: this.#me, query: { days } });
  }

  get #me(): { phone: string } {
    return { phone: this.#phone };
  }
}

/**
 * The server guesses its address where none was set; this page's own has been seen to work, unless it is one that means
 * this machine alone.
 */
function reachable(link: string, invite: string): string {
  const isHere = /^(localhost|127\..*|\[::1\])$/.test(location.hostname);
  return isHere || link.startsWith("https:") ? link : `${location.origin}/?invite=${invite}`;
}
