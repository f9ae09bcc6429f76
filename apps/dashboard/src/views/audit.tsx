import type { AuditEntryBody } from "@echoo/protocol";
import { useState } from "preact/hooks";
import { Choice, Filters, TextFilter } from "../components/filters.tsx";
import { List } from "../components/list.tsx";
import { usePages } from "../components/use-pages.ts";
import { say, when } from "../i18n/words.ts";
import type { AdminApi } from "../state/admin-api.ts";
import type { Route } from "../state/route.ts";

const words = say.audit;

/** Who did what, and who looked at whose calls. */
export function Audit({ api, route }: { readonly api: AdminApi; readonly route: Route }) {
  const { filters } = route;
  const [events, setEvents] = useState<Readonly<Record<string, string>>>({});
  const pages = usePages(
    async (cursor) => {
      const { phone, event } = filters;
      const query = {
        ...(phone ? { phone } : {}),
        ...(event ? { event } : {}),
        ...(cursor === undefined ? {} : { cursor }),
      };
      const { entries: rows, events: known, ...rest } = await api.admin.adminListAudit({ query });
      setEvents(known);
      return { rows, ...rest };
    },
    [filters],
  );
  const names = Object.fromEntries(Object.keys(events).map((name) => [name, name]));
  return (
    <>
      <div class="head">
        <h2>{say.views.audit}</h2>
      </div>
      <p class="soft small">{words.intro}</p>
      <Filters route={route}>
        <TextFilter name="phone" label={words.who} value={filters.phone} />
        <Choice name="event" label={words.event} value={filters.event} options={{ "": say.calls.any, ...names }} />
      </Filters>
      <List
        columns={Object.values(words.columns)}
        label={say.views.audit}
        isEmpty={pages.rows.length === 0}
        empty={<p>{words.none}</p>}
        isLoading={pages.isLoading}
        error={pages.error}
        hasMore={pages.last?.nextCursor !== undefined}
        more={pages.more}
      >
        {pages.rows.map((entry) => (
          <Row key={JSON.stringify(entry)} entry={entry} doc={events[entry.event]} />
        ))}
      </List>
    </>
  );
}

function Row({ entry, doc }: { readonly entry: AuditEntryBody; readonly doc: string | undefined }) {
  const { time, event, user = "", other = "", address = "", code, note, how, device, count } = entry;
  const more = [code, how, note, device, count === undefined ? undefined : `× ${count}`];
  return (
    <tr data-testid="audit-row">
      <td class="nowrap">{when(time)}</td>
      <td title={doc}>{event}</td>
      <td>{user}</td>
      <td>{other}</td>
      <td class="nowrap">{address}</td>
      <td class="break">{more.filter((part) => part !== undefined).join(" · ")}</td>
    </tr>
  );
}
