import { type AdminCallBody, verdictSentences } from "@echoo/protocol";
import { Choice, Filters, TextFilter } from "../components/filters.tsx";
import { List } from "../components/list.tsx";
import { Score } from "../components/mark.tsx";
import { usePages } from "../components/use-pages.ts";
import { count, length, say, when } from "../i18n/words.ts";
import { now } from "../platform.ts";
import type { AdminApi } from "../state/admin-api.ts";
import { fragmentOf, type Route } from "../state/route.ts";
import { RunningList } from "./running-list.tsx";

const dayMs = 86_400_000;
const words = say.calls;

interface CallsProps {
  readonly api: AdminApi;
  readonly route: Route;
}

/** Calls under way, and those that ended, by what is asked for. */
export function Calls({ api, route }: CallsProps) {
  const { filters } = route;
  const pages = usePages(
    async (cursor) => {
      const { calls: rows, ...rest } = await api.admin.adminListCalls({ query: queryOf(filters, cursor) });
      return { rows, ...rest };
    },
    [filters],
  );
  const { last } = pages;
  const isFiltered = Object.keys(filters).length > 0;
  return (
    <>
      <div class="head">
        <h2>{say.views.calls}</h2>
      </div>
      <RunningList api={api} />
      <h3>{words.ended}</h3>
      <CallFilters route={route} />
      <List
        columns={Object.values(words.columns)}
        label={words.ended}
        isEmpty={pages.rows.length === 0}
        empty={<p>{isFiltered ? words.none : words.noneAtAll}</p>}
        isLoading={pages.isLoading}
        error={pages.error}
        hasMore={last?.nextCursor !== undefined}
        more={pages.more}
      >
        {pages.rows.map((call) => (
          <Row key={call.callId} call={call} />
        ))}
      </List>
      {last !== undefined && (
        <p class="soft small" data-testid="looked">
          {words.looked(count(last.looked))} {last.isComplete ? "" : words.incomplete}
        </p>
      )}
    </>
  );
}

function CallFilters({ route }: { readonly route: Route }) {
  const { filters } = route;
  const reasons = Object.fromEntries(Object.keys(say.ends).map((reason) => [reason, reason]));
  const verdicts = Object.fromEntries(Object.keys(verdictSentences).map((code) => [code, code]));
  return (
    <Filters route={route}>
      <TextFilter name="who" label={words.who} value={filters.who} />
      <Choice name="reason" label={words.reason} value={filters.reason} options={{ "": words.any, ...reasons }} />
      <Choice name="verdict" label={words.verdict} value={filters.verdict} options={{ "": words.any, ...verdicts }} />
      <Choice name="level" label={words.level} value={filters.level} options={{ "": words.any, ...words.levels }} />
      <Choice name="days" label={words.days} value={filters.days} options={words.spans} />
      <Choice
        name="order"
        label={words.order}
        value={filters.order}
        options={{ newest: words.newest, worst: words.worst }}
      />
    </Filters>
  );
}

function Row({ call }: { readonly call: AdminCallBody }) {
  const { callId, caller, callee, startTime, endReason, duration, mos, level, verdict } = call;
  return (
    <tr data-testid="call-row">
      <td class="nowrap">
        <a href={fragmentOf({ view: "calls", subject: callId, filters: {} })}>{when(startTime)}</a>
      </td>
      <td class="break">{caller.displayName}</td>
      <td class="break">{callee.displayName}</td>
      <td>
        {endReason}
        {verdict === undefined ? "" : <span class="soft small"> · {verdict.code}</span>}
      </td>
      <td class="nowrap">{duration === 0 ? "–" : length(duration)}</td>
      <td>
        <Score mos={mos} level={level} />
      </td>
    </tr>
  );
}

type Query = NonNullable<NonNullable<Parameters<AdminApi["admin"]["adminListCalls"]>[0]>["query"]>;

/** What a filter cannot mean is the server's to refuse. */
function queryOf(
  { who = "", reason, verdict, level, days = "1", order }: Route["filters"],
  cursor: string | undefined,
): Query {
  const isNumber = /^\+?[\d ().-]{3,}$/.test(who);
  const whose = who === "" ? {} : isNumber ? { phone: who } : { name: who };
  const untilMs = now();
  return {
    ...whose,
    ...(reason ? { reason: reason as NonNullable<Query["reason"]> } : {}),
    ...(verdict ? { verdict: verdict as NonNullable<Query["verdict"]> } : {}),
    ...(level ? { level: level as NonNullable<Query["level"]> } : {}),
    ...(order ? { order: order as NonNullable<Query["order"]> } : {}),
    since: untilMs - Number(days) * dayMs,
    until: untilMs,
    ...(cursor === undefined ? {} : { cursor }),
  };
}
