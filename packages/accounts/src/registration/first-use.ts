import type { Clock } from "@echoo/core";
import type { Accounts } from "../accounts.ts";
import type { Registration, RequestOrigin } from "./registration.ts";
import type { Registered } from "./sign-in.ts";

interface FirstUseDeps {
  readonly clock: Pick<Clock, "steady">;
  readonly accounts: Pick<Accounts, "verifiedAddresses">;
}

/**
 * A registration whose answer is the first use of its token: a client that cannot send it on its socket may join from
 * that address at once, with no request in between.
 */
export function countingFirstUse(registration: Registration, { clock, accounts }: FirstUseDeps): Registration {
  async function note({ issued }: Registered, { client }: RequestOrigin): Promise<void> {
    const { id, userId, expiresAtMs } = issued.token;
    await accounts.verifiedAddresses.note({ id, userId, expiresAtMs, kind: "own" }, client, clock.steady());
  }

  return {
    ...registration,
    async register(request, from, bearer) {
      const done = await registration.register(request, from, bearer);
      if ("issued" in done) await note(done, from);
      return done;
    },
    async redeemCode(request, from) {
      const done = await registration.redeemCode(request, from);
      await note(done, from);
      return done;
    },
  };
}
