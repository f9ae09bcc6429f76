import { figureText } from "../report/verdict.ts";
import { rssBytesOf } from "../servers/process-facts.ts";
import { rawRelay } from "../servers/raw-relay.ts";
import { afresh, type Figures } from "./rounds.ts";
import { compared, measuredEchoo, type Scenario, versionsOf } from "./scenario.ts";

/** How long a start takes, and what the process holds before the first client. */
export const start: Scenario<undefined> = async (context) => {
  const subjects = compared(context, [rawRelay(), measuredEchoo(context)]);
  const medians = await afresh(context, subjects, async (server): Promise<Figures> => {
    await server.kill("SIGKILL");
    const againMs = await server.launch("start");
    await server.quiet();
    return { firstMs: server.firstStartMs, againMs, rssMb: rssBytesOf(server.pid) / 1e6 };
  });
  const of = (name: string) => medians.get("Echoo")?.[name] ?? Number.NaN;
  return {
    name: "start",
    title: "Start",
    method: [
      "From the start of `node` until a connection is accepted, with an empty folder and again with what the first start left there; then the memory of the process in RAM.",
      `Medians of ${context.rounds} rounds.`,
    ],
    columns: ["server", "the first start", "again", "memory"],
    rows: [...medians].map(([server, { firstMs = 0, againMs = 0, rssMb = 0 }]) => [
      server,
      `${figureText(firstMs)} ms`,
      `${figureText(againMs)} ms`,
      `${figureText(rssMb)} MB`,
    ]),
    verdicts: [
      { what: "until it listens", figure: Math.max(of("firstMs"), of("againMs")), limit: 1_000, unit: " ms" },
      { what: "memory after the start", figure: of("rssMb"), limit: 100, unit: " MB" },
    ],
    versions: versionsOf(subjects),
    data: Object.fromEntries(medians),
  };
};
