import type { CallSide, Sample } from "@echoo/protocol";
import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import { figure, say } from "../i18n/words.ts";

const words = say.call;
const heightPx = 140;

interface Measure {
  readonly name: string;
  readonly of: (sample: Sample) => number | undefined;
}

const measures: readonly Measure[] = [
  { name: words.graphs.rtt, of: ({ rttMs }) => rttMs },
  { name: words.graphs.loss, of: ({ lossPercent }) => lossPercent },
  { name: words.graphs.jitter, of: ({ jitterMs }) => jitterMs },
  { name: words.graphs.rate, of: ({ recvKbps }) => recvKbps },
  { name: words.graphs.fps, of: ({ fps }) => fps },
];

interface SideGraphsProps {
  readonly side: CallSide;
  /** Both, for one span of time over all graphs. */
  readonly sides: readonly CallSide[];
}

/** What one side measured, each figure over the time of both, so that the sides can be held against each other. */
export function SideGraphs({ side, sides }: SideGraphsProps) {
  const shiftOf = ({ report }: CallSide) => report?.shiftMs ?? 0;
  const times = sides.flatMap((each) => each.samples.map(({ t }) => t + shiftOf(each)));
  if (side.samples.length === 0 || times.length === 0) return <p class="soft">{words.noSamples}</p>;
  const span = { fromSec: lowest(times) / 1000, toSec: highest(times) / 1000 };
  return (
    <>
      {measures.map((measure) => {
        const values = side.samples.map(measure.of);
        const known = values.filter((value) => value !== undefined);
        if (known.length === 0) return null;
        const seconds = side.samples.map(({ t }) => (t + shiftOf(side)) / 1000);
        const spoken = words.range(measure.name, figure(lowest(known)), figure(highest(known)));
        return (
          <Graph key={measure.name} name={measure.name} spoken={spoken} seconds={seconds} values={values} span={span} />
        );
      })}
    </>
  );
}

interface GraphProps {
  readonly name: string;
  readonly spoken: string;
  readonly seconds: readonly number[];
  readonly values: readonly (number | undefined)[];
  readonly span: { readonly fromSec: number; readonly toSec: number };
}

function Graph({ name, spoken, seconds, values, span }: GraphProps) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const plot = new uPlot(
      optionsOf(name, span, element),
      [[...seconds], values.map((value) => value ?? null)],
      element,
    );
    // As wide as there is room, also after the window has changed.
    const watch = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height: heightPx }));
    watch.observe(element);
    return () => {
      watch.disconnect();
      plot.destroy();
    };
  }, [name, seconds, values, span]);
  return <div ref={place} class="graph" role="img" aria-label={spoken} />;
}

/** The colours of the page's theme; cursors of all graphs move together. */
function optionsOf(name: string, { fromSec, toSec }: GraphProps["span"], element: HTMLElement): uPlot.Options {
  const colour = (property: string) => getComputedStyle(element).getPropertyValue(property).trim();
  const axis = {
    stroke: colour("--ink-soft"),
    grid: { stroke: colour("--line") },
    ticks: { stroke: colour("--line") },
  };
  return {
    width: element.clientWidth,
    height: heightPx,
    cursor: { sync: { key: "call" }, drag: { x: true, y: false } },
    scales: { x: { range: [fromSec, Math.max(toSec, fromSec + 1)] } },
    axes: [axis, { ...axis, size: 56, space: 22 }],
    series: [{}, { label: name, stroke: colour("--accent"), width: 1.5, spanGaps: false, points: { show: false } }],
  };
}

function lowest(values: readonly number[]): number {
  return values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
}

function highest(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
}
