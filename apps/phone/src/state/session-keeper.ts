import { normalisePhone } from "@echoo/protocol";

/** Who is signed in on this page. */
export interface Session {
  readonly phone: string;
  readonly name: string;
  readonly token: string;
}

const key = "echoo.session";

/** Storage may be refused altogether, as in some private windows; the page then forgets on reload. */
function storageOf(pick: () => Storage): Storage | undefined {
  try {
    return pick();
  } catch {
    return undefined;
  }
}

function isSession(value: unknown): value is Session {
  const candidate = value as Partial<Session> | null;
  return (
    typeof candidate?.phone === "string" && typeof candidate.name === "string" && typeof candidate.token === "string"
  );
}

/**
 * Keeps the session over reloads: for the whole browser, or for this tab alone where the address names a user
 * with `?as=`, so that two tabs can be two people.
 */
export class SessionKeeper {
  /** The number that `?as=` names. */
  readonly as: string | undefined;
  readonly #storage: Storage | undefined;
  readonly #key: string;

  constructor(search: string) {
    // A plus that was typed into the address is the beginning of a number, not a space.
    const as = new URLSearchParams(search.replaceAll("+", "%2B")).get("as") || undefined;
    this.as = as === undefined ? undefined : (normalisePhone(as) ?? as);
    this.#storage = storageOf(() => (this.as === undefined ? localStorage : sessionStorage));
    this.#key = this.as === undefined ? key : `${key}.${this.as}`;
  }

  read(): Session | undefined {
    try {
      const value: unknown = JSON.parse(this.#storage?.getItem(this.#key) ?? "null");
      return isSession(value) ? value : undefined;
    } catch {
      return undefined;
    }
  }

  write(session: Session): void {
    try {
      this.#storage?.setItem(this.#key, JSON.stringify(session));
    } catch {
      // A full or refused storage costs the next reload a sign-in and nothing else.
    }
  }

  /** Another user may have signed in meanwhile in another tab: that session stays. */
  clear(session: Session): void {
    if (this.read()?.token === session.token) this.#storage?.removeItem(this.#key);
  }

  /** Runs when another tab has changed who is signed in. */
  follow(changed: () => void): void {
    addEventListener("storage", ({ key: changedKey, storageArea }) => {
      // Without a key all of the storage was emptied.
      if (storageArea === this.#storage && (changedKey === null || changedKey === this.#key)) changed();
    });
  }
}
