import { Cell } from "../cell.ts";

/** More than fit on a screen; the one that was chosen first goes. */
export const maxFavourites = 50;

/** The contacts that the user wants at the top. Kept on this device alone. */
export class Favourites {
  readonly view: Cell<ReadonlySet<string>>;
  readonly #key: string;

  constructor(userId: string) {
    this.#key = `echoo.favourites.${userId}`;
    this.view = new Cell(this.#read());
  }

  set(phone: string, on: boolean): void {
    const others = [...this.view.value].filter((other) => other !== phone);
    const next = on ? [...others, phone].slice(-maxFavourites) : others;
    this.view.set(new Set(next));
    try {
      localStorage.setItem(this.#key, JSON.stringify(next));
    } catch {
      // A full or refused storage forgets them on reload, and nothing else.
    }
  }

  #read(): ReadonlySet<string> {
    try {
      const kept: unknown = JSON.parse(localStorage.getItem(this.#key) ?? "[]");
      return new Set(Array.isArray(kept) ? kept.filter((each) => typeof each === "string").slice(-maxFavourites) : []);
    } catch {
      return new Set();
    }
  }
}
