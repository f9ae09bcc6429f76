import { type Chart, lineChart } from "../report/chart.ts";
import { figureText } from "../report/verdict.ts";
import type { Figures } from "./rounds.ts";

/** Medians by server. */
export type Medians = ReadonlyMap<string, Figures>;

/** A figure that was measured at several sizes is kept under its name and the size. */
export function at(name: string, size: number): string {
  return `${name} at ${size}`;
}

export function figureAt(medians: Medians, server: string, name: string, size: number): number {
  return medians.get(server)?.[at(name, size)] ?? Number.NaN;
}

/** A row for each server and size, with the given figures. */
export function growthRows(
  medians: Medians,
  sizes: readonly number[],
  names: readonly (readonly [name: string, unit: string])[],
): string[][] {
  return [...medians.keys()].flatMap((server) =>
    sizes.map((size) => [
      server,
      String(size),
      ...names.map(([name, unit]) => {
        const figure = figureAt(medians, server, name, size);
        return Number.isNaN(figure) ? "" : `${figureText(figure)}${unit}`;
      }),
    ]),
  );
}

/** How a figure of each server grows with the size. */
export function growthChart(
  title: string,
  unit: string,
  xLabel: string,
  medians: Medians,
  sizes: readonly number[],
  name: string,
): Chart {
  const lines = [...medians.keys()].map((label) => ({
    label,
    points: sizes.map((size) => [size, figureAt(medians, label, name, size)] as const),
  }));
  return lineChart(title, unit, xLabel, lines);
}

/** What a whole costs for each of its parts at the largest size, against the smallest: 1 where it grows in proportion. */
export function growthOfEach(medians: Medians, server: string, name: string, sizes: readonly number[]): number {
  const first = sizes[0] ?? 1;
  const last = sizes.at(-1) ?? 1;
  return figureAt(medians, server, name, last) / last / (figureAt(medians, server, name, first) / first);
}

/** The largest size against the smallest: 1 where it does not grow at all. */
export function growthOf(medians: Medians, server: string, name: string, sizes: readonly number[]): number {
  return figureAt(medians, server, name, sizes.at(-1) ?? 0) / figureAt(medians, server, name, sizes[0] ?? 0);
}
