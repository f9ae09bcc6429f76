import type { Cluster } from "../../ports/cluster/cluster.ts";
import type { News, NodeEnvelope } from "./envelopes.ts";

/** News that could not be told yet, at most; with one more the oldest is forgotten. */
export const untoldNewsMax = 10_000;

/** What REST did here that sockets on all nodes have to follow: a right that ended, a person who changed. */
export class LiveNews {
  readonly #cluster: Cluster;
  #untold: News[] = [];

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  /** Holds on every other node within a read of its stream; while they cannot be reached, when they can be again. */
  tell(news: News): void {
    this.#untold.push(news);
    if (this.#untold.length > untoldNewsMax) this.#untold.shift();
    this.flush();
  }

  flush(): void {
    const { scripts, node } = this.#cluster;
    for (const news of this.#untold.splice(0)) {
      const envelope: NodeEnvelope = { kind: "news", news };
      scripts.tellAll(node, JSON.stringify(envelope)).catch(() => {
        // Twice does no harm, and never would.
        this.#untold.push(news);
        if (this.#untold.length > untoldNewsMax) this.#untold.shift();
      });
    }
  }
}
