import { median } from "../load/latencies.ts";
import { MeasuredServer } from "../servers/measured-server.ts";
import type { Subject } from "../servers/wire.ts";
import { type Context, serverOptions, withServer } from "./scenario.ts";

/** Figures of one round by name; each is compared with the same figure of another server. */
export type Figures = Readonly<Record<string, number>>;

/** A server that is up, and what a scenario prepared on it. */
interface Prepared<T> {
  readonly server: MeasuredServer;
  readonly stage: T;
}

/** What a scenario does with each server. */
export interface Play<T> {
  /** Once for each server: users that join, calls that stand. */
  prepare(server: MeasuredServer): Promise<T>;
  /** Also run once before the first round, to compile code and fill caches. */
  round(server: MeasuredServer, stage: T): Promise<Figures>;
  finish(stage: T): void;
}

/** Rounds that alternate between the servers, so that what disturbs the machine disturbs all; gives medians. */
export async function alternate<T>(context: Context, subjects: readonly Subject[], play: Play<T>) {
  const all: Prepared<T>[] = [];
  try {
    for (const subject of subjects) {
      const server = await MeasuredServer.start(subject, serverOptions(context));
      // Before it is prepared, so that it is stopped also if that fails.
      all.push({ server, stage: undefined as T });
      all[all.length - 1] = { server, stage: await play.prepare(server) };
    }
    const measured = new Map<string, Figures[]>(subjects.map(({ name }) => [name, []]));
    for (let round = 0; round <= context.rounds; round++) {
      for (const { server, stage } of all) {
        const figures = await play.round(server, stage);
        if (round > 0) measured.get(server.subject.name)?.push(figures);
      }
      context.say(round === 0 ? "  warm" : `  round ${round} of ${context.rounds}`);
    }
    return new Map([...measured].map(([name, rounds]) => [name, mediansOf(rounds)]));
  } finally {
    for (const { server, stage } of all) {
      if (stage !== undefined) play.finish(stage);
      await server.stop();
    }
  }
}

/** Rounds in which each server starts afresh, for what can be done once only; gives medians. */
export async function afresh(
  context: Context,
  subjects: readonly Subject[],
  run: (server: MeasuredServer) => Promise<Figures>,
) {
  const measured = new Map<string, Figures[]>(subjects.map(({ name }) => [name, []]));
  for (let round = 1; round <= context.rounds; round++) {
    for (const subject of subjects) {
      measured.get(subject.name)?.push(await withServer(context, subject, run));
    }
    context.say(`  round ${round} of ${context.rounds}`);
  }
  return new Map([...measured].map(([name, rounds]) => [name, mediansOf(rounds)]));
}

function mediansOf(rounds: readonly Figures[]): Figures {
  const names = Object.keys(rounds[0] ?? {});
  return Object.fromEntries(names.map((name) => [name, median(rounds.map((round) => round[name] ?? Number.NaN))]));
}
