import type { Pause, Store, User, UsersQuery } from "@echoo/core";
import { limits } from "@echoo/protocol";

/** Accounts read at once. */
const usersPerStep = 500;

interface PeopleSearch {
  readonly only?: UsersQuery["only"] | undefined;
  /** The beginning of a number, or else a part of a name. */
  readonly search?: string | undefined;
  readonly after?: string | undefined;
  readonly limit: number;
}

export interface FoundPeople {
  readonly people: readonly User[];
  readonly looked: number;
  /** The last account that was looked at, where there may be more. */
  readonly next?: string;
}

interface PeopleDeps {
  readonly store: Pick<Store, "users">;
  readonly pause: Pause;
}

/** Looks at accounts by number, at most `limits.adminLooked` of them, for those with the name. */
export async function searchPeople({ store, pause }: PeopleDeps, asked: PeopleSearch): Promise<FoundPeople> {
  const { only, limit } = asked;
  const { prefix, name } = meaning(asked.search);
  const people: User[] = [];
  let looked = 0;
  let after = asked.after;
  while (looked < limits.adminLooked) {
    const page = Math.min(name === undefined ? limit + 1 : usersPerStep, limits.adminLooked - looked);
    const query = { limit: page, ...(prefix === undefined ? {} : { prefix }), ...(only === undefined ? {} : { only }) };
    const some = await store.users.list({ ...query, ...(after === undefined ? {} : { after }) });
    for (const user of some) {
      if (people.length === limit) return { people, looked, ...(after === undefined ? {} : { next: after }) };
      looked += 1;
      after = user.id;
      if (name === undefined || hasName(user, name)) people.push(user);
    }
    if (some.length < page) return { people, looked };
    await pause();
  }
  return { people, looked, ...(after === undefined ? {} : { next: after }) };
}

/** Ids of the host product say something as well. */
function hasName({ id, displayName = "" }: User, name: string): boolean {
  return folded(displayName).includes(name) || folded(id).includes(name);
}

/** What looks like the beginning of a number is one. */
function meaning(search: string | undefined): { readonly prefix?: string; readonly name?: string } {
  if (search === undefined) return {};
  const digits = search.replace(/[ ().-]/g, "");
  return /^\+?\d+$/.test(digits) ? { prefix: digits } : { name: folded(search) };
}

function folded(text: string): string {
  return text.normalize("NFKC").toLocaleLowerCase("en");
}
