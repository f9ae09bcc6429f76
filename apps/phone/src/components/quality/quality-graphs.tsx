import type { Sample } from "@echoo/protocol";
import { useState } from "preact/hooks";
import { kbps, ms, percent } from "../../format/format.ts";
import { say } from "../../i18n/say.ts";
import { Plot, type PlotLine } from "./plot.tsx";

/** Round trip, loss and bitrate of one side, one above the other on the same time and under one cursor. */
export function QualityGraphs({ samples }: { readonly samples: readonly Sample[] }) {
  const [cursor, setCursor] = useState<number>();
  const shared = { seconds: samples.map((sample) => sample.t / 1000), cursor, onCursor: setCursor };
  const line = (label: string, read: (sample: Sample) => number | undefined): PlotLine => ({
    label,
    values: samples.map((sample) => read(sample) ?? null),
  });
  const { rtt, loss, bitrate, received, sent } = say.quality;
  return (
    <div class="graphs">
      <Plot {...shared} title={rtt} lines={[line(rtt, (sample) => sample.rttMs)]} format={ms} atLeast={100} />
      <Plot
        {...shared}
        title={loss}
        lines={[line(loss, (sample) => sample.lossPercent)]}
        format={percent}
        atLeast={5}
      />
      <Plot
        {...shared}
        title={bitrate}
        lines={[line(received, (sample) => sample.recvKbps), line(sent, (sample) => sample.sendKbps)]}
        format={kbps}
        atLeast={100}
        clock
      />
    </div>
  );
}
