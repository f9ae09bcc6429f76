import type { Clock } from "../../../ports/clock.ts";
import type { NodeId } from "../../../ports/cluster/scripts.ts";
import type { Adoption } from "../adoption.ts";
import type { ClusterCalls } from "../cluster-calls.ts";
import type { ClusterContext } from "../cluster-context.ts";
import type { HomeCall } from "./home-call.ts";
import { nodeOfSession, sessionsIn } from "./snapshot.ts";

/** What nobody has taken within this is taken back. */
const takenWithinMs = 5_000;
/** How often it is looked whether a call has been taken. */
const lookEveryMs = 100;

interface HandOverContext extends ClusterContext {
  readonly clock: Pick<Clock, "after">;
}

/**
 * A node that is to end gives its calls to the nodes of their other sides, one after the other's states were accepted. A
 * call whose sides are all here, or that nobody takes, is adopted once the node has left.
 */
export class HandOver {
  readonly #state: HandOverContext;
  readonly #calls: ClusterCalls;
  readonly #adoption: Pick<Adoption, "adopt">;

  constructor(state: HandOverContext, calls: ClusterCalls, adoption: Pick<Adoption, "adopt">) {
    this.#state = state;
    this.#calls = calls;
    this.#adoption = adoption;
  }

  /** Ends once every call that can be is another node's, or the time is over; tells how many were handed over. */
  async run(withinMs: number): Promise<number> {
    let cancel = () => {};
    const late = new Promise<undefined>((resolve) => {
      cancel = this.#state.clock.after(withinMs, () => resolve(undefined));
    });
    let handed = 0;
    const each = [...this.#calls.homes.all()].map(async (home) => {
      if (await this.#give(home)) handed += 1;
    });
    await Promise.race([Promise.all(each), late]);
    cancel();
    return handed;
  }

  async #give(home: HomeCall): Promise<boolean> {
    const to = this.#successor(home);
    if (to === undefined) return false;
    home.isHanding = true;
    await new Promise<void>((resolve) => this.#calls.homes.afterPending(home.id, resolve));
    if (this.#calls.homes.get(home.id) !== home || !home.stored || home.call.state === "ended") return false;
    const { scripts, node } = this.#state.cluster;
    const at = { callId: home.id, gen: home.gen, rev: home.stored.rev };
    // Where the answer is lost, what the store takes for ours shows in the next comparison.
    const isGiven = await scripts.handOver(node, at, to).catch(() => false);
    if (this.#calls.homes.get(home.id) !== home) return false;
    if (!isGiven) {
      home.isHanding = false;
      this.#calls.routeAll(home.id);
      return false;
    }
    this.#calls.handed(home, to);
    return this.#isTaken(home);
  }

  /** The successor says that it has it by being its home; what was asked here meanwhile then goes there. */
  async #isTaken({ id, gen }: HomeCall): Promise<boolean> {
    for (let waitedMs = 0; waitedMs < takenWithinMs; waitedMs += lookEveryMs) {
      await this.#passed(lookEveryMs);
      const foreign = this.#calls.foreign.get(id);
      if (foreign === undefined || foreign.gen > gen) {
        this.#state.cluster.counted("handed_over");
        return true;
      }
    }
    this.#adoption.adopt(id);
    return false;
  }

  #passed(ms: number): Promise<void> {
    return new Promise((resolve) => void this.#state.clock.after(ms, resolve));
  }

  #successor({ call }: HomeCall): NodeId | undefined {
    if (call.state === "ended") return undefined;
    const { node } = this.#state.cluster;
    return sessionsIn(call)
      .map(nodeOfSession)
      .find((one) => one !== "" && one !== node);
  }
}
