import { EchooRest, type Instant } from "@echoo/client";
import { codeOf, sentenceFor } from "../i18n/sentence-for.ts";
import { Cell } from "./cell.ts";

/** What is known of the invitation that the page was opened with. */
export type InvitationView =
  | { readonly state: "none" | "reading" }
  | {
      readonly state: "good";
      /** The only number that it is for; any new one where absent. */
      readonly phone: string | undefined;
      readonly displayName: string | undefined;
      readonly admin: boolean;
      readonly expiresAtMs: Instant;
    }
  /** `mayRetry`: the server could not be asked, which says nothing of the invitation. */
  | { readonly state: "refused"; readonly why: string; readonly mayRetry: boolean };

/** Codes after which another try with the same invitation is in vain. */
const final: ReadonlySet<string | undefined> = new Set(["invite_invalid", "invite_expired", "invite_used", "invalid"]);

/** The invitation that the address carries, until it is used or let go. */
export class OpenedInvitation {
  readonly view = new Cell<InvitationView>({ state: "none" });
  #token: string | undefined;

  constructor(search: string) {
    this.#token = new URLSearchParams(search).get("invite") || undefined;
  }

  get token(): string | undefined {
    return this.#token;
  }

  /** Asks what it is good for, which does not use it. */
  async read(): Promise<void> {
    const token = this.#token;
    if (token === undefined) return;
    this.view.set({ state: "reading" });
    try {
      const { phone, displayName, admin, expiresAt } = await new EchooRest().readInvitation({
        body: { invite: token },
      });
      this.view.set({ state: "good", phone, displayName, admin, expiresAtMs: Date.parse(expiresAt) });
    } catch (error) {
      this.refuse(error);
    }
  }

  /** The server refused its use. A refusal that is not about the invitation changes nothing once it was read. */
  refuse(error: unknown): boolean {
    const isFinal = final.has(codeOf(error));
    if (!isFinal && this.view.value.state !== "reading") return false;
    this.view.set({ state: "refused", why: sentenceFor(error), mayRetry: !isFinal });
    return true;
  }

  /** It was used, or is not wanted: neither a reload nor a bookmark brings it back. */
  drop(): void {
    if (this.#token === undefined) return;
    this.#token = undefined;
    this.view.set({ state: "none" });
    const address = new URL(location.href);
    address.searchParams.delete("invite");
    history.replaceState(history.state, "", address);
  }
}
