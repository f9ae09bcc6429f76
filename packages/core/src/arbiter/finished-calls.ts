import type { FinishedCall } from "../call/call.ts";
import { viewersOf } from "../history/call-visibility.ts";
import type { Steady } from "../ports/clock.ts";
import { addTo, removeFrom } from "./index-sets.ts";
import { OrderedIds } from "./ordered-ids.ts";

/** Finished calls that are remembered at most; past it the oldest go first. */
export const tombstonesMax = 100_000;

/** The calls that are over, by user, oldest first. What a change costs depends on that call alone. */
export class FinishedCalls {
  /** In the order of their ends. */
  readonly #order = new Map<string, FinishedCall>();
  readonly #byUser = new Map<string, OrderedIds>();
  /** Those of which a device of the user has still to be told. */
  readonly #untold = new Map<string, Set<string>>();

  put(call: FinishedCall): void {
    const before = this.#order.get(call.id);
    this.#order.set(call.id, call);
    const [known, wanted] = [before ? viewersOf(before) : [], viewersOf(call)];
    for (const user of known) if (!wanted.includes(user)) this.#removeOf(user, call.id);
    for (const user of wanted) if (!known.includes(user)) this.#addOf(user, call.id);
    for (const user of known) removeFrom(this.#untold, user, call.id);
    for (const device of call.devices) if (device.untold) addTo(this.#untold, device.user, call.id);
  }

  remove(call: FinishedCall): void {
    this.#order.delete(call.id);
    for (const user of viewersOf(call)) {
      this.#removeOf(user, call.id);
      removeFrom(this.#untold, user, call.id);
    }
  }

  *newestOf(user: string): Generator<FinishedCall> {
    for (const id of this.#byUser.get(user)?.newestFirst() ?? []) {
      const call = this.#order.get(id);
      if (call) yield call;
    }
  }

  /** Oldest first. */
  untoldOf(user: string): readonly FinishedCall[] {
    const calls = [...(this.#untold.get(user) ?? [])].map((id) => this.#order.get(id));
    return calls.filter((call) => call !== undefined);
  }

  /** The oldest, where it ended before that time or is one too many. */
  due(endedBeforeMs: Steady): FinishedCall | undefined {
    const [oldest] = this.#order.values();
    const isDue = oldest && (oldest.endedAtMs < endedBeforeMs || this.#order.size > tombstonesMax);
    return isDue ? oldest : undefined;
  }

  #addOf(user: string, id: string): void {
    const ids = this.#byUser.get(user) ?? new OrderedIds();
    ids.add(id);
    this.#byUser.set(user, ids);
  }

  #removeOf(user: string, id: string): void {
    const ids = this.#byUser.get(user);
    ids?.remove(id);
    if (ids?.size === 0) this.#byUser.delete(user);
  }
}
