import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { clock } from "../../format/format.ts";
import { say } from "../../i18n/say.ts";
import { across, type Frame, marksUpTo, momentsBetween, nearest, pathOf, runsOf, up } from "./plot-scale.ts";

export interface PlotLine {
  readonly label: string;
  readonly values: readonly (number | null)[];
}

export interface PlotProps {
  readonly title: string;
  readonly seconds: readonly number[];
  /** One or two lines. */
  readonly lines: readonly PlotLine[];
  readonly format: (value: number) => string;
  /** The scale reaches at least this far, so that noise at the bottom does not look like trouble. */
  readonly atLeast: number;
  /** The moment under the cursor, shared by graphs of one call. */
  readonly cursor: number | undefined;
  readonly onCursor: (index: number | undefined) => void;
  /** Whether the time stands under it. */
  readonly clock?: boolean;
}

const plotHeightPx = 64;
const clockHeightPx = 20;
const scaleWidthPx = 40;
const momentWidthPx = 90;

/** A small graph over time, with its newest figure, or the one under the cursor, beside its title. */
export function Plot(props: PlotProps) {
  const { title, lines, format, cursor } = props;
  const known = lines.flatMap((line) => line.values.filter((value) => value !== null));
  const range =
    known.length > 0 ? say.quality.graph(title, format(Math.min(...known)), format(Math.max(...known))) : title;
  return (
    <figure class="plot">
      <figcaption class="plot-head">
        <span>{title}</span>
        <span class="plot-values figures">
          {lines.map((line, at) => (
            <span key={line.label} class={`plot-value line-${at}`}>
              {lines.length > 1 && <span class="plot-label">{line.label}</span>}
              {figure(line, cursor, format)}
            </span>
          ))}
        </span>
      </figcaption>
      <Surface {...props} known={known} label={range} />
    </figure>
  );
}

function figure(line: PlotLine, index: number | undefined, format: (value: number) => string): string {
  const value = index === undefined ? line.values.findLast((each) => each !== null) : line.values[index];
  return value === null || value === undefined ? "–" : format(value);
}

function Surface(props: PlotProps & { readonly known: readonly number[]; readonly label: string }) {
  const { seconds, lines, cursor, onCursor, label } = props;
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const height = plotHeightPx + (props.clock ? clockHeightPx : 0);
  const frame: Frame = {
    left: scaleWidthPx,
    top: 5,
    width: Math.max(1, width - scaleWidthPx - 4),
    height: plotHeightPx - 10,
  };
  const [first, last] = [seconds[0] ?? 0, seconds[seconds.length - 1] ?? 1];
  const marks = marksUpTo(Math.max(props.atLeast, ...props.known));
  const x = across(frame, first, last);
  const y = up(frame, marks[marks.length - 1] ?? 1);
  const xs = seconds.map(x);
  const cursorX = cursor === undefined ? undefined : xs[cursor];
  const bottom = frame.top + frame.height;
  return (
    <div
      class={`plot-surface${props.clock ? " with-clock" : ""}`}
      ref={box}
      onPointerMove={(event) => onCursor(nearest(xs, event.clientX - event.currentTarget.getBoundingClientRect().left))}
      onPointerLeave={() => onCursor(undefined)}
    >
      {width > 0 && (
        <svg width={width} height={height} role="img" aria-label={label}>
          {marks.map((mark) => (
            <g key={mark}>
              <line class="plot-grid" x1={frame.left} x2={frame.left + frame.width} y1={y(mark)} y2={y(mark)} />
              <text class="plot-text" x={frame.left - 7} y={y(mark) + 4} text-anchor="end">
                {mark}
              </text>
            </g>
          ))}
          {lines.map((line, at) =>
            runsOf(
              xs,
              line.values.map((value) => (value === null ? null : y(value))),
            ).map((run, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: runs have no identity but their order.
              <path key={`${at}-${index}`} class={`plot-line line-${at}`} d={pathOf(run)} />
            )),
          )}
          {props.clock && <Moments frame={frame} first={first} last={last} x={x} y={height - 4} />}
          {cursorX !== undefined && <line class="plot-cursor" x1={cursorX} x2={cursorX} y1={frame.top} y2={bottom} />}
        </svg>
      )}
    </div>
  );
}

interface MomentsProps {
  readonly frame: Frame;
  readonly first: number;
  readonly last: number;
  readonly x: (second: number) => number;
  readonly y: number;
}

/** The running time under a graph; the outer two are set inwards so that they stay within. */
function Moments({ frame, first, last, x, y }: MomentsProps) {
  const moments = momentsBetween(first, last, Math.max(2, Math.min(5, Math.floor(frame.width / momentWidthPx))));
  const anchorOf = (index: number) => (index === 0 ? "start" : index === moments.length - 1 ? "end" : "middle");
  return (
    <>
      {moments.map((moment, index) => (
        <text key={moment} class="plot-text" x={x(moment)} y={y} text-anchor={anchorOf(index)}>
          {clock((moment - first) * 1000)}
        </text>
      ))}
    </>
  );
}

/** The width of an element, followed as it changes. */
function useWidth(box: { readonly current: HTMLElement | null }): number {
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    setWidth(element.clientWidth);
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, [box]);
  return width;
}
