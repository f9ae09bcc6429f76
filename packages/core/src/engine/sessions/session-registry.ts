import type { Session } from "./session.ts";

/** Sessions a user may have at once. */
export const sessionsPerUserMax = 32;

/** Who is connected, or within the time to come back. */
export class SessionRegistry {
  readonly #byId = new Map<string, Session>();
  readonly #byUser = new Map<string, Set<Session>>();
  /** By the token that it came with, or that vouches for it. */
  readonly #byToken = new Map<string, Set<Session>>();

  get userCount(): number {
    return this.#byUser.size;
  }

  get(id: string): Session | undefined {
    return this.#byId.get(id);
  }

  of(user: string): readonly Session[] {
    return [...(this.#byUser.get(user) ?? [])];
  }

  /** Those that end with this token. */
  ofToken(token: string): readonly Session[] {
    return [...(this.#byToken.get(token) ?? [])];
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
    join(this.#byUser, session.user, session);
    for (const token of tokensOf(session)) join(this.#byToken, token, session);
  }

  remove(session: Session): void {
    this.#byId.delete(session.id);
    part(this.#byUser, session.user, session);
    for (const token of tokensOf(session)) part(this.#byToken, token, session);
  }

  /** From now on it ends with these. */
  changeToken(session: Session, token: string | undefined, voucher: string | undefined): void {
    for (const former of tokensOf(session)) part(this.#byToken, former, session);
    session.token = token;
    session.voucher = voucher;
    for (const current of tokensOf(session)) join(this.#byToken, current, session);
  }
}

function tokensOf({ token, voucher }: Session): string[] {
  return [token, voucher].filter((one) => one !== undefined);
}

function join(index: Map<string, Set<Session>>, key: string, session: Session): void {
  const sessions = index.get(key);
  if (sessions) sessions.add(session);
  else index.set(key, new Set([session]));
}

function part(index: Map<string, Set<Session>>, key: string, session: Session): void {
  const sessions = index.get(key);
  if (sessions?.delete(session) && sessions.size === 0) index.delete(key);
}
