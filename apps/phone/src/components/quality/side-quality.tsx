import type { CallSide } from "@echoo/protocol";
import { bytes, kbps, mosText, ms, percent } from "../../format/format.ts";
import { say } from "../../i18n/say.ts";
import { QualityGraphs } from "./quality-graphs.tsx";

interface SideProps {
  readonly heading: string;
  readonly side: CallSide | undefined;
}

/** What one side of an ended call measured: its typical figures, then their course. */
export function SideQuality({ heading, side }: SideProps) {
  const facts = side?.summary ? factsOf(side.summary) : [];
  return (
    <section class="side-card" aria-label={heading}>
      <h2>{heading}</h2>
      {!side && <p class="empty">{say.details.noneSide}</p>}
      {facts.length > 0 && (
        <dl class="side-facts">
          {facts.map(([label, value]) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd class="figures">{value}</dd>
            </div>
          ))}
        </dl>
      )}
      {side && side.samples.length > 1 && <QualityGraphs samples={side.samples} />}
    </section>
  );
}

/** A figure that was not measured has no row. */
function factsOf(summary: NonNullable<CallSide["summary"]>): [label: string, value: string][] {
  const { mos, rttMs, lossPercent, jitterMs, recvKbps, sendKbps, relayed, dataUsedBytes } = summary;
  const rows: [string, string | undefined][] = [
    [say.quality.mos, mos && mosText(mos.p50)],
    [say.quality.rtt, rttMs && ms(rttMs.p50)],
    [say.quality.loss, lossPercent && percent(lossPercent.p50)],
    [say.quality.jitter, jitterMs && ms(jitterMs.p50)],
    [say.quality.received, recvKbps && kbps(recvKbps.p50)],
    [say.quality.sent, sendKbps && kbps(sendKbps.p50)],
    [say.quality.data, dataUsedBytes === undefined ? undefined : bytes(dataUsedBytes)],
    [say.quality.path, relayed === undefined ? undefined : relayed ? say.quality.relayed : say.quality.direct],
  ];
  return rows.filter((row): row is [string, string] => row[1] !== undefined);
}
