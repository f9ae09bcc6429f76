import type { Store, Token } from "@echoo/core";
import { normalisePhone, Refusal } from "@echoo/protocol";
import { needsOwnToken } from "../../accounts/open-access.ts";
import type { Caller } from "./authenticate.ts";
import { invalid } from "./request-context.ts";

/** A number out of a path or a body, as it is stored. */
export function numberOf(path: string, text: string): string {
  const number = normalisePhone(text);
  if (number === undefined) throw invalid(path, "a phone number of 3 to 15 digits");
  return number;
}

/** The user whose own number the path must name. Under open access that number itself, unless it was ever proven. */
export async function ownNumber(store: Store, caller: Caller, phone: string): Promise<string> {
  const number = numberOf("phone", phone);
  if (caller.kind === "user") {
    if (caller.userId !== number) throw new Refusal("forbidden");
    return number;
  }
  if (caller.kind === "anybody" || needsOwnToken(await store.users.find(number))) throw needsToken();
  return number;
}

/** For endpoints that no one may use without a token. */
export function tokenOf(caller: Caller): Token {
  if (caller.kind !== "user") throw needsToken();
  return caller.token;
}

export function needsToken(): Refusal {
  return new Refusal("unauthorized", { message: "This number needs its token." });
}
