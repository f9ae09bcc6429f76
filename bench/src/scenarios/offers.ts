import { setTimeout as delay } from "node:timers/promises";
import { LoadCall } from "../load/call.ts";
import { crowd, cutAll, inParallel, pairs } from "../load/crowd.ts";
import type { User } from "../load/user.ts";
import type { MeasuredServer } from "../servers/measured-server.ts";
import { rawRelay } from "../servers/raw-relay.ts";
import { at, figureAt, growthChart, growthOfEach, growthRows } from "./growth.ts";
import { afresh, type Figures } from "./rounds.ts";
import { compared, measuredEchoo, type Scenario, versionsOf } from "./scenario.ts";

export interface OffersSize {
  readonly offers: readonly number[];
}

export const offersSize: OffersSize = { offers: [1_000, 3_000] };

/** Until the kernel has what was written to sockets that are not read. */
const writtenMs = 200;

/** All callers dial at the same moment, and the callee of another call answers right behind them. */
export const offers: Scenario<OffersSize> = async (context, { offers: sizes }) => {
  const subjects = compared(context, [rawRelay(), measuredEchoo(context)]);
  const medians = await afresh(context, subjects, async (server): Promise<Figures> => {
    const [caller, callee, ...others] = (await crowd(server, 2 + 2 * (sizes.at(-1) ?? 0))) as [User, User, ...User[]];
    const figures: Record<string, number> = {};
    const warm = Math.ceil((sizes[0] ?? 0) / 10);
    await answerBehind(server, warm, [caller, callee], others, "warm");
    for (const size of sizes) {
      figures[at("waitMs", size)] = await answerBehind(server, size, [caller, callee], others, `of-${size}`);
    }
    cutAll([caller, callee, ...others]);
    return figures;
  });
  const most = sizes.at(-1) ?? 0;
  const waitMs = (server: string) => figureAt(medians, server, "waitMs", most);
  return {
    name: "offers",
    title: "Offers at once",
    method: [
      "The server's process is stopped while so many callers send an offer each, and then another callee an answer: when it goes on, all of it waits in its sockets. Measured is how long that answer takes to its caller.",
      `Medians of ${context.rounds} rounds, each with new servers.`,
    ],
    columns: ["server", "offers", "the answer waits"],
    rows: growthRows(medians, sizes, [["waitMs", " ms"]]),
    verdicts: [
      {
        what: `the answer behind ${most} offers, against the raw relay`,
        figure: waitMs("Echoo") / waitMs("raw relay"),
        limit: 2,
        unit: " ×",
      },
      {
        what: "the wait for each offer, largest against smallest",
        figure: growthOfEach(medians, "Echoo", "waitMs", sizes),
        limit: 1.25,
        unit: " ×",
      },
    ],
    charts: [growthChart("How long an answer waits behind offers", " ms", "offers", medians, sizes, "waitMs")],
    versions: versionsOf(subjects),
    data: Object.fromEntries(medians),
  };
};

async function answerBehind(
  server: MeasuredServer,
  count: number,
  [caller, callee]: readonly [User, User],
  others: readonly User[],
  label: string,
): Promise<number> {
  const calls = pairs(others.slice(0, count * 2)).map(([a, b]) => new LoadCall(a, b));
  const witness = new LoadCall(caller, callee);
  witness.offer();
  await callee.take("offer");
  await server.quiet();
  const { value: waitMs } = await server.measure(label, async () => {
    server.signal("SIGSTOP");
    for (const call of calls) call.offer();
    witness.answer();
    await delay(writtenMs);
    const startMs = performance.now();
    server.signal("SIGCONT");
    await caller.take("answer");
    const tookMs = performance.now() - startMs;
    await Promise.all(calls.map((call) => call.callee.take("offer")));
    return tookMs;
  });
  await inParallel([witness, ...calls], 20, (call) => call.hangUp());
  await server.quiet();
  return waitMs;
}
