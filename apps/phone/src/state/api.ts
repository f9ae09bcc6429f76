import { EchooRest } from "@echoo/client";
import type { CallBody, CallPage, CallStatistics, ContactBody, UserStatistics } from "@echoo/protocol";
import type { Session } from "./session-keeper.ts";

export type CallRow = CallBody;
export type Contact = ContactBody;

/** What the page asks of the server over REST, in the name of the person signed in. */
export class Api {
  readonly #rest: EchooRest;
  readonly #phone: string;

  constructor({ phone, token }: Session) {
    this.#rest = new EchooRest({ token });
    this.#phone = phone;
  }

  async logout(): Promise<void> {
    await this.#rest.logout();
  }

  /** What somebody calls themselves. */
  async displayName(userId: string): Promise<string> {
    return (await this.#rest.getUser({ params: { phone: userId } })).user.displayName;
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

  calls(query: { readonly limit: number; readonly cursor?: string }): Promise<CallPage> {
    return this.#rest.listCalls({ params: this.#me, query });
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
