import type { AdminPerson } from "@echoo/protocol";
import { Choice, Filters, TextFilter } from "../components/filters.tsx";
import { List } from "../components/list.tsx";
import { Mark } from "../components/mark.tsx";
import { usePages } from "../components/use-pages.ts";
import { count, say, when } from "../i18n/words.ts";
import type { AdminApi } from "../state/admin-api.ts";
import { fragmentOf, type Route } from "../state/route.ts";
import { Invite } from "./invite.tsx";

const words = say.people;

/** Accounts by number or name. */
export function People({ api, route }: { readonly api: AdminApi; readonly route: Route }) {
  const { filters } = route;
  const pages = usePages(
    async (cursor) => {
      const { search, only } = filters;
      const query = {
        ...(search ? { search } : {}),
        ...(only === "admin" || only === "suspended" ? ({ only } as const) : {}),
        ...(cursor === undefined ? {} : { cursor }),
      };
      const { people: rows, ...rest } = await api.admin.adminListPeople({ query });
      return { rows, ...rest };
    },
    [filters],
  );
  const { last } = pages;
  const hasMore = last?.nextCursor !== undefined;
  return (
    <>
      <div class="head">
        <h2>{say.views.people}</h2>
      </div>
      <Filters route={route}>
        <TextFilter name="search" label={words.search} value={filters.search} />
        <Choice
          name="only"
          label={words.only}
          value={filters.only}
          options={{ "": words.all, admin: words.admins, suspended: words.suspended }}
        />
      </Filters>
      <List
        columns={Object.values(words.columns)}
        label={say.views.people}
        isEmpty={pages.rows.length === 0}
        empty={<p>{words.none}</p>}
        isLoading={pages.isLoading}
        error={pages.error}
        hasMore={hasMore}
        more={pages.more}
      >
        {pages.rows.map((person) => (
          <Row key={person.phone} person={person} />
        ))}
      </List>
      {hasMore && last !== undefined && <p class="soft small">{words.looked(count(last.looked))}</p>}
      <Invite api={api} />
    </>
  );
}

function Row({ person }: { readonly person: AdminPerson }) {
  const { phone, displayName, lastSeenAt, createdAt } = person;
  return (
    <tr data-testid="person-row">
      <td class="nowrap">
        <a href={fragmentOf({ view: "people", subject: phone, filters: {} })}>{phone}</a>
      </td>
      <td class="break">{displayName === phone ? "" : displayName}</td>
      <td>
        <Standing person={person} />
      </td>
      <td class="nowrap">{lastSeenAt === undefined ? "–" : when(lastSeenAt)}</td>
      <td class="nowrap">{when(createdAt)}</td>
    </tr>
  );
}

/** What an account is right now, in words. */
export function Standing({ person }: { readonly person: AdminPerson }) {
  return (
    <span class="actions">
      {person.suspended && <Mark tone="bad">{words.suspended}</Mark>}
      {person.admin && <Mark tone="plain">{words.admin}</Mark>}
      <Mark tone={person.online ? "good" : "plain"}>{person.online ? words.online : words.offline}</Mark>
    </span>
  );
}
