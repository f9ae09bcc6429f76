import type { Clock, SharedTrust } from "@echoo/core";
import { createLoopbackTrust, type LoopbackTrust } from "./loopback-trust.ts";

/** How soon a server hears of a proxy that another one saw. */
export const askEveryMs = 10_000;

interface SharedTrustDeps {
  readonly clock: Pick<Clock, "after">;
  readonly shared: SharedTrust;
  /** Told once of the header that ended the trust; undefined where another server saw it. */
  readonly onLost: (header: string | undefined) => void;
}

/** Trust in this machine that ends on all servers where one of them sees a proxy on its own. Stopped with the server. */
export function sharedLoopbackTrust({ clock, shared, onLost }: SharedTrustDeps): LoopbackTrust & { stop(): void } {
  let isLostElsewhere = false;
  let isUntold = false;
  let isStopped = false;
  let cancel = () => {};

  function tell(): void {
    isUntold = true;
    shared.sawProxy().then(
      () => {
        isUntold = false;
      },
      () => undefined,
    );
  }

  const own = createLoopbackTrust((header) => {
    onLost(header);
    tell();
  });

  async function ask(): Promise<void> {
    if (isUntold) tell();
    // What cannot be asked now stands as it was.
    const isLost = await shared.wasProxySeen().catch(() => isLostElsewhere);
    if (isLost && !isLostElsewhere && own.trusted) onLost(undefined);
    isLostElsewhere = isLost;
    if (!isStopped) cancel = clock.after(askEveryMs, () => void ask());
  }

  void ask();
  return {
    get trusted() {
      return own.trusted && !isLostElsewhere;
    },
    observe: (facts) => own.observe(facts),
    stop() {
      isStopped = true;
      cancel();
    },
  };
}
