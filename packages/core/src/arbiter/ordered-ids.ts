/** Left out entries at the front that are worth making a new list for. */
const compactAt = 64;

/** Ids in the order of their coming. It is walked from the newest on; adding one, and taking the oldest away, is cheap. */
export class OrderedIds {
  #ids: string[] = [];
  #first = 0;

  get size(): number {
    return this.#ids.length - this.#first;
  }

  add(id: string): void {
    this.#ids.push(id);
  }

  remove(id: string): void {
    if (this.#ids[this.#first] === id) this.#first += 1;
    else {
      const at = this.#ids.indexOf(id, this.#first);
      if (at !== -1) this.#ids.splice(at, 1);
    }
    if (this.#first < compactAt || this.#first * 2 < this.#ids.length) return;
    this.#ids = this.#ids.slice(this.#first);
    this.#first = 0;
  }

  *newestFirst(): Generator<string> {
    for (let at = this.#ids.length - 1; at >= this.#first; at -= 1) {
      const id = this.#ids[at];
      if (id !== undefined) yield id;
    }
  }
}
