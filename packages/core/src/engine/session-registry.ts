import type { Session } from "./session.ts";

/** Sessions a user may have at once. */
export const sessionsPerUserMax = 32;

/** Who is connected, or within the time to come back. */
export class SessionRegistry {
  readonly #byId = new Map<string, Session>();
  readonly #byUser = new Map<string, Set<Session>>();

  get userCount(): number {
    return this.#byUser.size;
  }

  get(id: string): Session | undefined {
    return this.#byId.get(id);
  }

  of(user: string): readonly Session[] {
    return [...(this.#byUser.get(user) ?? [])];
  }

  isOnline(user: string): boolean {
    return this.#byUser.has(user);
  }

  all(): Iterable<Session> {
    return this.#byId.values();
  }

  users(): Iterable<string> {
    return this.#byUser.keys();
  }

  add(session: Session): void {
    this.#byId.set(session.id, session);
    const own = this.#byUser.get(session.user);
    if (own) own.add(session);
    else this.#byUser.set(session.user, new Set([session]));
  }

  remove(session: Session): void {
    this.#byId.delete(session.id);
    const own = this.#byUser.get(session.user);
    if (own?.delete(session) && own.size === 0) this.#byUser.delete(session.user);
  }
}
