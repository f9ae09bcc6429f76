import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";

const heightPx = 140;

interface PlotLine {
  readonly name: string;
  readonly values: readonly (number | undefined)[];
  /** A custom property of the page's theme. */
  readonly colour: string;
}

interface PlotProps {
  /** What is in it, for who cannot see it. */
  readonly spoken: string;
  readonly seconds: readonly number[];
  readonly lines: readonly PlotLine[];
  readonly span: { readonly fromSec: number; readonly toSec: number };
  /** Cursors of the plots with one key move together. */
  readonly together: string;
}

/** Lines over time. Dragging looks closer, and a double click shows all again. */
export function Plot({ spoken, seconds, lines, span, together }: PlotProps) {
  const place = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: drawn anew where what it shows is another.
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const data: uPlot.AlignedData = [[...seconds], ...lines.map(({ values }) => values.map((value) => value ?? null))];
    const plot = new uPlot(optionsOf(lines, span, together, element), data, element);
    // As wide as there is room, also after the window has changed.
    const watch = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height: heightPx }));
    watch.observe(element);
    return () => {
      watch.disconnect();
      plot.destroy();
    };
  }, [spoken, JSON.stringify(span), seconds.length]);
  return <div ref={place} class="graph" role="img" aria-label={spoken} />;
}

/** The colours of the page's theme. */
function optionsOf(
  lines: readonly PlotLine[],
  { fromSec, toSec }: PlotProps["span"],
  together: string,
  element: HTMLElement,
): uPlot.Options {
  const colour = (property: string) => getComputedStyle(element).getPropertyValue(property).trim();
  const quiet = { stroke: colour("--line") };
  const axis = { stroke: colour("--ink-soft"), grid: quiet, ticks: quiet };
  return {
    width: element.clientWidth,
    height: heightPx,
    cursor: { sync: { key: together }, drag: { x: true, y: false } },
    scales: { x: { range: (_plot, min, max) => (min === null ? [fromSec, toSec] : [min, Math.max(max, min + 1)]) } },
    axes: [axis, { ...axis, size: 56, space: 22 }],
    series: [
      {},
      ...lines.map(({ name, colour: property }) => {
        return { label: name, stroke: colour(property), width: 1.5, spanGaps: false, points: { show: false } };
      }),
    ],
  };
}
