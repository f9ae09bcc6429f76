import type { CallSession } from "../../calls/call-session.ts";
import { mosText } from "../../format/format.ts";
import { say } from "../../i18n/say.ts";
import { Icon } from "../basics/icon.tsx";
import { LateGraphs } from "../quality/late-graphs.tsx";

interface LiveQualityProps {
  readonly session: CallSession;
  readonly name: string;
  readonly onClose: () => void;
}

/** How the line does right now, on both sides, and how it did over the last ten minutes on this one. */
export function LiveQuality({ session, name, onClose }: LiveQualityProps) {
  const { quality, peerQuality, samples } = session.call;
  const sides = [
    { who: say.quality.yourView, quality },
    { who: say.quality.theirView(name), quality: peerQuality },
  ];
  return (
    <section class="popover quality-panel" data-testid="quality-graph" aria-label={say.quality.heading}>
      <header class="panel-head">
        <h2>{say.quality.heading}</h2>
        <button type="button" class="icon-button" aria-label={say.close} onClick={onClose}>
          <Icon name="close" size={20} />
        </button>
      </header>
      <dl class="quality-now">
        {sides.map(
          ({ who, quality: side }) =>
            side && (
              <div key={who}>
                <dt class="cut">{who}</dt>
                <dd>
                  <span class={`dot ${side.level}`} aria-hidden="true" /> {say.quality.level[side.level]}{" "}
                  <span class="figures">{mosText(side.mos)}</span>
                </dd>
              </div>
            ),
        )}
      </dl>
      {samples.length > 1 ? (
        <LateGraphs samples={samples} />
      ) : (
        <p class="empty">{quality || peerQuality ? say.quality.firstSample : say.quality.noSamples}</p>
      )}
    </section>
  );
}
