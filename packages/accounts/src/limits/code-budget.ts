import type { ClientAddress } from "../addresses/client-address.ts";
import { createClientLimit } from "./client-limit.ts";
import type { MakeLimit } from "./limit.ts";
import { type Counted, takeAll, waitForAll } from "./take-all.ts";

const hourMs = 3_600_000;

/** How many codes there are. A guesser's chances follow from these and from the tries: see SECURITY.md. */
export const codeBudget = {
  perAskerAnHour: 5,
  perAddressAnHour: 20,
  /** For a number, by clients that are strangers to it. */
  byStrangersAnHour: 10,
  byStrangersADay: 40,
  /**
   * Of those in an hour, for clients that had one within it already: the rest is for those that ask for the first time.
   */
  repeatedAnHour: 5,
} as const;

/** A client that asks for a code for a number. */
interface Ask {
  readonly userId: string;
  readonly client: ClientAddress;
  /** Names them; absent where their address does not tell them from others. */
  readonly asker: string | undefined;
  /** They come from where a token of this number was used lately. */
  readonly isKnown: boolean;
}

export interface CodeBudget {
  /** Counts one more code: what was counted, to be given back if it comes to nothing, or how long to wait. */
  take(ask: Ask): Promise<readonly Counted[] | number>;
  /** How long the asker's own count makes them wait. */
  waitMs(ask: Ask): Promise<number>;
}

/**
 * Each client has a budget of its own for a number, so that no stranger uses up its owner's. What strangers may have of
 * a number together is limited besides; a client at an address where the number is at home is not held up by that, and
 * some of it is kept for who has had none yet.
 */
export function createCodeBudget(makeLimit: MakeLimit, limitsAddresses: boolean): CodeBudget {
  // A code more is a chance more for a guesser: where other servers count too, none is given while they cannot be asked.
  const limit = (name: string, max: number, windowMs = hourMs) =>
    makeLimit({ name: `codes:${name}`, max, windowMs, whileAway: "refuse" });
  const byAsker = limit("asker", codeBudget.perAskerAnHour);
  const repeated = limit("repeated", codeBudget.repeatedAnHour);
  const ofHour = limit("number", codeBudget.byStrangersAnHour);
  const ofDay = limit("day", codeBudget.byStrangersADay, 24 * hourMs);
  const byAddress = createClientLimit(makeLimit, {
    name: "codes:address",
    max: codeBudget.perAddressAnHour,
    windowMs: hourMs,
    whileAway: "refuse",
  });

  function own({ userId, asker }: Ask): readonly Counted[] {
    return asker === undefined ? [] : [{ limit: byAsker, key: keyOf(asker, userId) }];
  }

  async function counted(ask: Ask): Promise<readonly Counted[]> {
    const { userId, client, asker, isKnown } = ask;
    const ofAddress = limitsAddresses ? [byAddress(client)] : [];
    if (isKnown) return [...own(ask), ...ofAddress];
    const isFirst = asker !== undefined && (await byAsker.count(keyOf(asker, userId))) === 0;
    const ofNumber = isFirst ? [ofHour, ofDay] : [repeated, ofHour, ofDay];
    return [...own(ask), ...ofAddress, ...ofNumber.map((each) => ({ limit: each, key: userId }))];
  }

  return {
    waitMs: (ask) => waitForAll(own(ask)),
    async take(ask) {
      const all = await counted(ask);
      const waitMs = await takeAll(all);
      return waitMs > 0 ? waitMs : all;
    },
  };
}

function keyOf(asker: string, userId: string): string {
  return `${asker} ${userId}`;
}
