import type { UserStatistics } from "@echoo/protocol";
import { useEffect, useState } from "preact/hooks";
import { levelOf } from "../../calls/loopback-sampler.ts";
import { count } from "../../format/format.ts";
import { say } from "../../i18n/say.ts";
import type { AppSession } from "../../state/app-session.ts";
import { useCell } from "../../state/cell.ts";

const days = 30;

/** The last month in four figures; nothing at all before the first call. */
export function Overview({ appSession }: { readonly appSession: AppSession }) {
  const { calls } = useCell(appSession.history.view);
  const newest = calls[0]?.callId;
  const [figures, setFigures] = useState<UserStatistics>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new call changes the figures.
  useEffect(() => {
    let here = true;
    appSession.api.statistics(days).then(
      (read) => here && setFigures(read),
      () => undefined,
    );
    return () => {
      here = false;
    };
  }, [appSession, newest]);
  if (!figures || figures.calls === 0) return null;
  const rows = [
    [say.overview.calls, count(figures.calls)],
    [say.overview.minutes, count(figures.minutes)],
    [say.overview.missed, count(figures.missed)],
    [say.overview.quality, figures.mos ? say.quality.level[levelOf(figures.mos.p50)] : "–"],
  ];
  return (
    <section class="overview" aria-labelledby="overview-heading">
      <h2 id="overview-heading">{say.overview.heading(count(days))}</h2>
      <dl class="tiles">
        {rows.map(([label, value]) => (
          <div class="tile" key={label}>
            <dt>{label}</dt>
            <dd class="figures">{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
