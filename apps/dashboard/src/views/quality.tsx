import type { AdminQuality, QualityGroupBody } from "@echoo/protocol";
import { Failure } from "../components/failure.tsx";
import { Choice, Filters } from "../components/filters.tsx";
import { Plot } from "../components/plot.tsx";
import { figure, percent, say } from "../i18n/words.ts";
import type { AdminApi } from "../state/admin-api.ts";
import type { Route } from "../state/route.ts";
import { useLoaded } from "../state/use-loaded.ts";

const words = say.quality;
type By = keyof typeof words.by;
type Figure = keyof QualityGroupBody["figures"];
const figures = Object.keys(words.figures) as Figure[];

/** How calls fared over days, and against the week before. */
export function Quality({ api, route }: { readonly api: AdminApi; readonly route: Route }) {
  const { by = "all", days = "7" } = route.filters;
  const asked = by in words.by ? (by as By) : "all";
  const query = { by: asked, days: Number(days) || 7 };
  const { value, error, reload } = useLoaded(() => api.admin.adminGetQuality({ query }), [api, by, days]);
  return (
    <>
      <div class="head">
        <h2>{say.views.quality}</h2>
      </div>
      <Filters route={route}>
        <Choice name="by" label={words.group} value={by} options={words.by} />
        <Choice name="days" label={say.calls.days} value={days} options={words.spans} />
      </Filters>
      {error !== undefined && <Failure error={error} reload={reload} />}
      {value === undefined && error === undefined && <p role="status">{say.loading}</p>}
      {value !== undefined && (value.groups.length === 0 ? <Empty /> : <Shown quality={value} by={asked} />)}
    </>
  );
}

function Empty() {
  return (
    <div class="empty" data-testid="empty">
      <p>{words.none}</p>
    </div>
  );
}

function Shown({ quality, by }: { readonly quality: AdminQuality; readonly by: By }) {
  const { groups, before, steps, from, until } = quality;
  const seconds = steps.map(({ start }) => Date.parse(start) / 1000);
  const span = { fromSec: Date.parse(from) / 1000, toSec: Date.parse(until) / 1000 };
  return (
    <div class="stack" data-testid="quality-shown">
      {by === "all" && (
        <section class="card">
          {figures.map((name) => {
            const known = steps.flatMap((step) => step.figures[name]?.p50 ?? []);
            if (known.length === 0) return null;
            const spoken = say.call.range(words.figures[name], figure(Math.min(...known)), figure(Math.max(...known)));
            const lines = (["p50", "p95", "p99"] as const).map((p, at) => ({
              name: `${words.figures[name]} ${p}`,
              values: steps.map((step) => step.figures[name]?.[p]),
              colour: ["--accent", "--warn", "--bad"][at] ?? "--ink",
            }));
            return <Plot key={name} spoken={spoken} seconds={seconds} lines={lines} span={span} together="quality" />;
          })}
        </section>
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what may be scrolled must be reached by the keyboard. */}
      <section class="rows" tabIndex={0} aria-label={say.views.quality}>
        <table>
          <thead>
            <tr>
              <th scope="col">{words.by[by]}</th>
              <th scope="col">{words.sides}</th>
              <th scope="col">{words.good}</th>
              <th scope="col">{words.poor}</th>
              {figures.map((name) => (
                <th key={name} scope="col">
                  {words.figures[name]}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {groups.map((group) => (
              <Row key={group.name} group={group} before={before.find(({ name }) => name === group.name)} />
            ))}
          </tbody>
        </table>
      </section>
      <p class="soft small">{words.explained}</p>
    </div>
  );
}

interface RowProps {
  readonly group: QualityGroupBody;
  readonly before: QualityGroupBody | undefined;
}

function Row({ group, before }: RowProps) {
  const share = (of: QualityGroupBody | undefined, level: "good" | "poor") => {
    const all = of === undefined ? 0 : of.levels.good + of.levels.moderate + of.levels.poor;
    return all === 0 || of === undefined ? undefined : percent(of.levels[level] / all);
  };
  return (
    <tr data-testid="quality-row">
      <th scope="row" class="break">
        {group.name === "" ? words.everybody : group.name}
      </th>
      <Now value={figure(group.sides)} before={before && figure(before.sides)} />
      <Now value={share(group, "good")} before={share(before, "good")} />
      <Now value={share(group, "poor")} before={share(before, "poor")} />
      {figures.map((name) => (
        <Now key={name} value={threeOf(group.figures[name])} before={threeOf(before?.figures[name])} />
      ))}
    </tr>
  );
}

function threeOf(percentiles: QualityGroupBody["figures"][Figure]): string | undefined {
  if (percentiles === undefined) return undefined;
  return [percentiles.p50, percentiles.p95, percentiles.p99].map(figure).join(" / ");
}

/** A value, and under it the one of the week before. */
function Now({ value = "–", before }: { readonly value?: string | undefined; readonly before: string | undefined }) {
  return (
    <td class="nowrap">
      {value}
      {before !== undefined && <span class="soft small"> {words.was(before)}</span>}
    </td>
  );
}
