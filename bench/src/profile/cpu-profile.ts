import { placeOf, type Share, shares } from "./shares.ts";

/** As V8 writes it: a tree of calls, and which node was on top at each sample. */
interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

/** Waiting, what no function is known for, and the profiler that is started and stopped. */
const notWork = new Set(["(idle)", "(program)", "dispatch"]);

/** The time that functions took themselves, without what they called, the largest first. */
export function selfTimes(text: string): Share[] {
  const { nodes, samples, timeDeltas } = JSON.parse(text) as CpuProfile;
  const places = new Map(nodes.map(({ id, callFrame }) => [id, placeOf(callFrame)]));
  const sums = new Map<string, number>();
  for (const [i, id] of samples.entries()) {
    const place = places.get(id) ?? "?";
    if (notWork.has(place)) continue;
    sums.set(place, (sums.get(place) ?? 0) + (timeDeltas[i] ?? 0));
  }
  return shares(sums);
}
