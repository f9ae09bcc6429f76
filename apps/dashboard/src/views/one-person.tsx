import type { AdminPerson } from "@echoo/protocol";
import { useState } from "preact/hooks";
import { Failure } from "../components/failure.tsx";
import { say, sentenceFor, when } from "../i18n/words.ts";
import type { AdminApi } from "../state/admin-api.ts";
import { fragmentOf, go } from "../state/route.ts";
import { useLoaded } from "../state/use-loaded.ts";
import { Standing } from "./people.tsx";

const words = say.people;

interface Doing {
  /** Does it, says what was refused, and shows the account as it is then. */
  readonly act: (work: () => Promise<unknown>) => void;
}

/** One account: what it is, where it is signed in, and what may be done to it. */
export function OnePerson({ api, phone }: { readonly api: AdminApi; readonly phone: string }) {
  const { value, error, reload } = useLoaded(() => api.admin.adminGetPerson({ params: { phone } }), [api, phone]);
  const [problem, setProblem] = useState<string>();
  const act = (work: () => Promise<unknown>) => {
    setProblem(undefined);
    work()
      .catch((failed: unknown) => setProblem(sentenceFor(failed)))
      .finally(reload);
  };
  return (
    <>
      <p>
        <a href={fragmentOf({ view: "people", filters: {} })}>← {words.back}</a>
      </p>
      {error !== undefined && <Failure error={error} reload={reload} />}
      {problem !== undefined && (
        <p class="note bad" role="alert" data-testid="error">
          {problem}
        </p>
      )}
      {value !== undefined && (
        <div class="stack" data-testid="one-person">
          <div class="head">
            <h2 class="break">{value.person.displayName}</h2>
            <Standing person={value.person} />
          </div>
          <Account api={api} person={value.person} act={act} />
          <Tokens api={api} phone={phone} tokens={value.tokens} act={act} />
          <section class="card">
            <h3>{words.pushDevices}</h3>
            {value.devices.length === 0 && <p class="soft">{words.noPush}</p>}
            <ul>
              {value.devices.map(({ deviceId, platform, name, registeredAt }) => (
                <li key={deviceId} class="break">
                  {name ?? words.unnamed} <span class="soft small">{`${platform} · ${when(registeredAt)}`}</span>
                </li>
              ))}
            </ul>
          </section>
          <Erase api={api} person={value.person} act={act} />
        </div>
      )}
    </>
  );
}

interface AccountProps extends Doing {
  readonly api: AdminApi;
  readonly person: AdminPerson;
}

function Account({ api, person, act }: AccountProps) {
  const { phone, admin, suspended } = person;
  const update = (body: { admin: boolean } | { suspended: boolean }) => () =>
    act(() => api.admin.adminUpdatePerson({ params: { phone }, body }));
  return (
    <section class="card stack">
      <p class="break">
        {phone} · {person.proven ? words.proven : words.unproven} · {words.columns.since} {when(person.createdAt)}
      </p>
      <p>
        <a href={fragmentOf({ view: "calls", filters: { who: phone, days: "31" } })}>{words.calls}</a>
      </p>
      <p class="actions">
        <button type="button" class="button" onClick={update({ admin: !admin })} data-testid="toggle-admin">
          {admin ? words.unmakeAdmin : words.makeAdmin}
        </button>
        <button
          type="button"
          class={suspended ? "button" : "button danger"}
          onClick={update({ suspended: !suspended })}
          data-testid="toggle-suspended"
        >
          {suspended ? words.unsuspend : words.suspend}
        </button>
      </p>
    </section>
  );
}

interface TokensProps extends Doing {
  readonly api: AdminApi;
  readonly phone: string;
  readonly tokens: Awaited<ReturnType<AdminApi["admin"]["adminGetPerson"]>>["tokens"];
}

function Tokens({ api, phone, tokens, act }: TokensProps) {
  const revoke = (id: string) => () => act(() => api.admin.adminRevokeToken({ params: { phone, id } }));
  return (
    <section class="card">
      <h3>{words.devices}</h3>
      {tokens.length === 0 ? (
        <p class="soft">{words.noDevices}</p>
      ) : (
        <>
          <ul class="stack">
            {tokens.map(({ id, device = words.unnamed, lastUsedAt }) => (
              <li key={id} class="actions" data-testid="token-row">
                <span class="break">
                  {device} <span class="soft small">{when(lastUsedAt)}</span>
                </span>
                <button
                  type="button"
                  class="button compact"
                  onClick={revoke(id)}
                  aria-label={`${words.signOut}: ${device}`}
                >
                  {words.signOut}
                </button>
              </li>
            ))}
          </ul>
          <p>
            <button
              type="button"
              class="button danger compact"
              onClick={() => act(() => api.admin.adminRevokeAllTokens({ params: { phone } }))}
              data-testid="revoke-all"
            >
              {words.signOutAll}
            </button>
          </p>
        </>
      )}
    </section>
  );
}

function Erase({ api, person: { phone }, act }: AccountProps) {
  const send = (event: SubmitEvent) => {
    event.preventDefault();
    const again = String(new FormData(event.currentTarget as HTMLFormElement).get("again") ?? "").trim();
    act(async () => {
      await api.admin.adminErasePerson({ params: { phone }, body: { phone: again } });
      go({ view: "people", filters: {} });
    });
  };
  return (
    <section class="card">
      <h3>{words.erase}</h3>
      <form class="filters" onSubmit={send}>
        <label>
          {words.eraseText}
          <input name="again" autocomplete="off" required data-testid="erase-number" />
        </label>
        <button type="submit" class="button danger" data-testid="erase">
          {words.erase}
        </button>
      </form>
    </section>
  );
}
