import type { AdminSetting } from "@echoo/protocol";
import { Failure } from "../components/failure.tsx";
import { Mark } from "../components/mark.tsx";
import { say } from "../i18n/words.ts";
import type { AdminApi } from "../state/admin-api.ts";
import { useLoaded } from "../state/use-loaded.ts";

const words = say.settings;

/** What the server goes by. */
export function Settings({ api }: { readonly api: AdminApi }) {
  const { value, error, reload } = useLoaded(() => api.admin.adminListSettings(), [api]);
  const groups = [...new Set(value?.settings.map(({ group }) => group) ?? [])];
  return (
    <>
      <div class="head">
        <h2>{say.views.settings}</h2>
      </div>
      <p class="soft">{words.intro}</p>
      {error !== undefined && <Failure error={error} reload={reload} />}
      {value === undefined && error === undefined && <p role="status">{say.loading}</p>}
      <div class="stack" style={{ marginBlockStart: "14px" }}>
        {groups.map((group) => (
          <Group key={group} name={group} settings={value?.settings.filter((each) => each.group === group) ?? []} />
        ))}
      </div>
    </>
  );
}

function Group({ name, settings }: { readonly name: string; readonly settings: readonly AdminSetting[] }) {
  return (
    <section class="card">
      <h3>{name}</h3>
      <dl class="stack">
        {settings.map((setting) => (
          <div key={setting.name} data-testid="setting">
            <dt class="actions">
              <code>{setting.name}</code> <Value setting={setting} />
            </dt>
            <dd class="soft small">{setting.doc}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Value({ setting: { value, secret, isSet, isDefault } }: { readonly setting: AdminSetting }) {
  if (!isSet) return <span class="soft">{words.unset}</span>;
  if (secret) return <Mark tone="plain">{words.secretSet}</Mark>;
  return (
    <>
      <strong class="break">{value}</strong>
      {isDefault && <span class="soft small">{words.isDefault}</span>}
    </>
  );
}
