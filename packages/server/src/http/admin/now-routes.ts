import type { Accounts } from "@echoo/accounts";
import { type Clock, type Store, StoreUnavailable } from "@echoo/core";
import { limits, Refusal } from "@echoo/protocol";
import { tokenOf } from "../requests/acting-user.ts";
import type { Handlers, StreamingHandlers } from "../route.ts";
import type { NowBoard } from "./now-board.ts";

const everyMs = 1000;

export interface NowRouteDeps {
  readonly store: Pick<Store, "users">;
  readonly accounts: Pick<Accounts, "credentials">;
  readonly clock: Clock;
  readonly isReady: () => boolean;
}

export function adminNowRoutes(
  { store, accounts, clock, isReady }: NowRouteDeps,
  board: NowBoard,
): Handlers<"adminNow"> & StreamingHandlers<"adminWatchNow"> {
  let open = 0;

  return {
    adminNow: async () => ({ status: 200, body: await board.now() }),

    adminWatchNow: async ({ caller, startedAtMs }) => {
      const token = tokenOf(caller);

      /** While the database is away nothing is revoked anywhere but here, which this server remembers. */
      async function mayGoOn(): Promise<boolean> {
        if (!isReady() || accounts.credentials.hasEnded(token, startedAtMs)) return false;
        // The server's own live on while they are used; of the host product's the end is known.
        if (token.kind === "host" && token.expiresAtMs <= clock.now()) return false;
        try {
          if (!(await accounts.credentials.isStillGood(token, startedAtMs))) return false;
          return (await store.users.find(token.userId))?.admin === true;
        } catch (error) {
          if (error instanceof StoreUnavailable) return true;
          throw error;
        }
      }

      return {
        status: 200,
        type: "application/x-ndjson",
        stream: async (to) => {
          if (open >= limits.adminStreams) throw new Refusal("unavailable", { retryInMs: 5_000 });
          open += 1;
          try {
            do {
              if (!to.write(`${JSON.stringify(await board.now())}\n`)) await to.drained();
              await new Promise<void>((resolve) => void clock.after(everyMs, resolve));
            } while (await mayGoOn());
          } finally {
            open -= 1;
          }
        },
      };
    },
  };
}
