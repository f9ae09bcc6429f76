import { type Accounts, type GoodToken, needsOwnToken } from "@echoo/accounts";
import type { Store } from "@echoo/core";
import { Refusal, readUserId, userIdMust } from "@echoo/protocol";
import type { Caller } from "./authenticate.ts";
import { invalid } from "./request-context.ts";

export interface UserIdDeps {
  readonly accounts: Pick<Accounts, "userIdRule">;
}

export interface OwnNumberDeps extends UserIdDeps {
  readonly store: Pick<Store, "users">;
}

/** A number, or another user id, out of a path or a body, as it is stored. */
export function parseUserId({ accounts }: UserIdDeps, path: string, text: string): string {
  const number = readUserId(text, accounts.userIdRule);
  if (number === undefined) throw invalid(path, userIdMust[accounts.userIdRule]);
  return number;
}

/** The user whose own number the path must name. Under open access that number itself, unless it was ever proven. */
export async function ownNumber(deps: OwnNumberDeps, caller: Caller, phone: string): Promise<string> {
  const number = parseUserId(deps, "phone", phone);
  if (caller.kind === "user") {
    if (caller.userId !== number) throw new Refusal("forbidden");
    return number;
  }
  if (caller.kind !== "covered") throw needsToken();
  const user = await deps.store.users.find(number);
  if (needsOwnToken(user)) throw needsToken();
  // What is left of an account that is being erased was perhaps behind a token until a moment ago.
  if (user === undefined && (await deps.store.users.isErasing(number))) throw new Refusal("unavailable");
  return number;
}

/** For endpoints that need a token always. */
export function tokenOf(caller: Caller): GoodToken {
  if (caller.kind !== "user") throw needsToken();
  return caller.token;
}

export function needsToken(): Refusal {
  return new Refusal("unauthorized", { message: "This number needs its token." });
}
