import type { Report } from "../report/report.ts";
import { echoo } from "../servers/echoo.ts";
import { MeasuredServer, type MeasuredServerOptions, type ProfileTo } from "../servers/measured-server.ts";
import type { Subject } from "../servers/wire.ts";

/** What all scenarios run with. */
export interface Context {
  readonly rounds: number;
  /** Servers and load tool have a core each. */
  readonly pinned: boolean;
  /** How many files the load tool and each server may have open; a socket is one. */
  readonly openFilesMax: number;
  /** Echoo as it is built, or from its sources. */
  readonly from: "dist" | "source";
  /** Measures under the profiler, and Echoo alone: the others would teach nothing. */
  readonly profile?: ProfileTo | undefined;
  readonly say: (line: string) => void;
}

/** Measures one kind of work. How much of it, a test chooses small. */
export type Scenario<Size> = (context: Context, size: Size) => Promise<Report>;

/** Echoo as this run measures it. */
export function measuredEchoo({ from }: Context, env: Readonly<Record<string, string>> = {}, name = "Echoo"): Subject {
  return echoo({ from, env, name });
}

/** Files that a process has open besides its sockets, and some to spare. */
const otherFiles = 500;

/** The sizes that so many sockets each leave room for: what is too large is measured as large as it can be. */
export function sizesWithin({ openFilesMax, say }: Context, sizes: readonly number[], socketsEach: number): number[] {
  const most = Math.floor((openFilesMax - otherFiles) / socketsEach);
  if (sizes.every((size) => size <= most)) return [...sizes];
  say(`  a process may open ${openFilesMax} files here: sizes end at ${most}`);
  return [...new Set(sizes.map((size) => Math.min(size, most)))];
}

/** Runs with one server, which is gone afterwards. */
export async function withServer<T>(
  context: Context,
  subject: Subject,
  run: (server: MeasuredServer) => Promise<T>,
): Promise<T> {
  const server = await MeasuredServer.start(subject, serverOptions(context));
  try {
    return await run(server);
  } finally {
    await server.stop();
  }
}

export function serverOptions({ pinned, profile }: Context): MeasuredServerOptions {
  return { pinned, profile };
}

/** What is compared: under the profiler Echoo alone. */
export function compared({ profile }: Context, subjects: readonly Subject[]): readonly Subject[] {
  return profile === undefined ? subjects : subjects.filter(({ name }) => name.startsWith("Echoo"));
}

export function versionsOf(subjects: readonly Subject[]): Record<string, string> {
  return Object.fromEntries(subjects.map(({ name, version }) => [name, version]));
}
