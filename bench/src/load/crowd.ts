import { type Server, User } from "./user.ts";

/** Joins that are under way at one time: more would only wait in the backlog of the listening socket. */
const joinsAtOnce = 64;

/** So many users that are connected and joined, numbered from `first` on. */
export async function crowd(server: Server, count: number, first = 0): Promise<User[]> {
  const users = Array.from({ length: count }, (_, i) => new User(userId(first + i), server));
  await inParallel(users, joinsAtOnce, (user) => user.join());
  return users;
}

export function userId(index: number): string {
  return `5550${index.toString().padStart(6, "0")}`;
}

/** Neighbours, two by two. */
export function pairs<T>(items: readonly T[]): [T, T][] {
  const made: [T, T][] = [];
  for (let i = 0; i + 1 < items.length; i += 2) made.push([items[i] as T, items[i + 1] as T]);
  return made;
}

/** Works through the items, so many at a time. */
export async function inParallel<T>(items: readonly T[], atOnce: number, work: (item: T) => Promise<unknown>) {
  let next = 0;
  const worker = async () => {
    for (let at = next++; at < items.length; at = next++) await work(items[at] as T);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker));
}

export function cutAll(users: readonly User[]): void {
  for (const user of users) user.cut();
}
