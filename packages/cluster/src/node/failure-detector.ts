import type { NodeId, Steady } from "@echoo/core";

/** A gap of one's own: what was seen before it tells nothing any more. */
const unbrokenMs = 3_000;

/**
 * Tells which nodes are dead, by the counts of their beats and the own steady clock alone. A store that hung gives all
 * nodes the same gap, and so buries nobody.
 */
export class FailureDetector {
  /** A count of beats that stood still for so long is that of a dead node. */
  readonly #nodeLostMs: number;
  #seen = new Map<NodeId, { readonly beats: number; readonly sinceMs: Steady }>();
  #lastMs: Steady = Number.NEGATIVE_INFINITY;

  constructor(nodeLostMs: number) {
    this.#nodeLostMs = nodeLostMs;
  }

  /** What a poll saw; the result is who is to be buried, with the count that stood still. */
  polled(nodes: Readonly<Record<NodeId, number>>, self: NodeId, nowMs: Steady): readonly (readonly [NodeId, number])[] {
    if (nowMs - this.#lastMs > unbrokenMs) this.#seen.clear();
    this.#lastMs = nowMs;
    const dead: (readonly [NodeId, number])[] = [];
    const seen = new Map<NodeId, { readonly beats: number; readonly sinceMs: Steady }>();
    for (const [node, beats] of Object.entries(nodes)) {
      if (node === self) continue;
      const before = this.#seen.get(node);
      const isStill = before?.beats === beats;
      seen.set(node, isStill ? before : { beats, sinceMs: nowMs });
      if (isStill && nowMs - before.sinceMs >= this.#nodeLostMs) dead.push([node, beats]);
    }
    this.#seen = seen;
    return dead;
  }

  /** What was seen is of another time. */
  reset(): void {
    this.#seen.clear();
  }
}
