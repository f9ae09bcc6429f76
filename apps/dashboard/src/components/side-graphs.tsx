import type { CallSide, Sample } from "@echoo/protocol";
import { figure, say } from "../i18n/words.ts";
import { Plot } from "./plot.tsx";

const words = say.call;

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
  const span = { fromSec: lowest(times) / 1000, toSec: highest(times) / 1000 + 1 };
  const seconds = side.samples.map(({ t }) => (t + shiftOf(side)) / 1000);
  return (
    <>
      {measures.map(({ name, of }) => {
        const values = side.samples.map(of);
        const known = values.filter((value) => value !== undefined);
        if (known.length === 0) return null;
        const spoken = words.range(name, figure(lowest(known)), figure(highest(known)));
        const lines = [{ name, values, colour: "--accent" }];
        return <Plot key={name} spoken={spoken} seconds={seconds} lines={lines} span={span} together="call" />;
      })}
    </>
  );
}

function lowest(values: readonly number[]): number {
  return values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
}

function highest(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
}
