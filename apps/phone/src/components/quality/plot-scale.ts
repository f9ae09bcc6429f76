/** Where the values of a graph fall on its surface, in pixels. */
export interface Frame {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** At most this many steps from the bottom to the top of a graph. */
const maxSteps = 3;

/** The step of a scale: 1, 2 or 5 times a power of ten, so that its labels are round. */
function roundStep(roughly: number): number {
  const power = 10 ** Math.floor(Math.log10(roughly));
  const factor = [1, 2, 5, 10].find((each) => each * power >= roughly) ?? 10;
  return factor * power;
}

/** Round marks from 0 to at least the highest value. */
export function marksUpTo(highest: number): readonly number[] {
  const step = roundStep(highest / maxSteps);
  const count = Math.ceil(highest / step);
  return Array.from({ length: count + 1 }, (_, index) => index * step);
}

/** The moments under a graph: its start, middle and end as it fits. */
export function momentsBetween(first: number, last: number, count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => first + ((last - first) * index) / Math.max(1, count - 1));
}

/** Position of a time along the graph. */
export function across(frame: Frame, first: number, last: number): (second: number) => number {
  const span = Math.max(1e-9, last - first);
  return (second) => frame.left + ((second - first) / span) * frame.width;
}

/** Position of a value up the graph. */
export function up(frame: Frame, highest: number): (value: number) => number {
  return (value) => frame.top + frame.height * (1 - value / highest);
}

type Point = readonly [x: number, y: number];

/** Runs of points without a gap: where nothing was measured, nothing is drawn. */
export function runsOf(xs: readonly number[], ys: readonly (number | null)[]): readonly (readonly Point[])[] {
  const runs: Point[][] = [[]];
  ys.forEach((y, index) => {
    const x = xs[index];
    if (y === null || x === undefined) runs.push([]);
    else runs[runs.length - 1]?.push([x, y]);
  });
  return runs.filter((run) => run.length > 0);
}

export function pathOf(run: readonly Point[]): string {
  return run.map(([x, y], index) => `${index === 0 ? "M" : "L"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");
}

/** The index of the moment nearest to a position. */
export function nearest(xs: readonly number[], x: number): number | undefined {
  let best: number | undefined;
  for (let index = 0; index < xs.length; index++) {
    const [here, before] = [xs[index], best === undefined ? undefined : xs[best]];
    if (here !== undefined && (before === undefined || Math.abs(here - x) < Math.abs(before - x))) best = index;
  }
  return best;
}
