/** Who is signed in: the same session as the phone's, so that whoever is signed in there is here as well. */
export interface Session {
  readonly phone: string;
  readonly name: string;
  readonly token: string;
}

/** The phone keeps it under the same name. */
const key = "echoo.session";

export function readSession(): Session | undefined {
  try {
    const value = JSON.parse(localStorage.getItem(key) ?? "null") as Partial<Session> | null;
    const { phone, name, token } = value ?? {};
    if (typeof phone !== "string" || typeof name !== "string" || typeof token !== "string") return undefined;
    return { phone, name, token };
  } catch {
    return undefined;
  }
}

export function writeSession(session: Session): void {
  try {
    localStorage.setItem(key, JSON.stringify(session));
  } catch {
    // A full or refused storage costs the next reload a sign-in and nothing else.
  }
}

export function clearSession(): void {
  try {
    localStorage.removeItem(key);
  } catch {
    // There was none to keep.
  }
}
