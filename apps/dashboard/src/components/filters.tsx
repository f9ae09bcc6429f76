import type { ComponentChildren } from "preact";
import { say } from "../i18n/words.ts";
import { go, type Route } from "../state/route.ts";

/** Filters of a view. Sending them changes the address, and the address says what is shown. */
export function Filters({ route, children }: { readonly route: Route; readonly children: ComponentChildren }) {
  const send = (event: SubmitEvent) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget as HTMLFormElement);
    const filters = Object.fromEntries([...data].map(([name, value]) => [name, String(value).trim()]));
    go({ view: route.view, filters });
  };
  return (
    <search>
      <form class="filters" onSubmit={send} key={JSON.stringify(route.filters)}>
        {children}
        <button type="submit" class="button primary" data-testid="search">
          {say.search}
        </button>
      </form>
    </search>
  );
}

interface ChoiceProps {
  readonly name: string;
  readonly label: string;
  readonly value: string | undefined;
  /** What each value is called; the first is what holds where none is chosen. */
  readonly options: Readonly<Record<string, string>>;
}

export function Choice({ name, label, value, options }: ChoiceProps) {
  return (
    <label>
      {label}
      <select name={name} data-testid={`filter-${name}`}>
        {Object.entries(options).map(([key, words]) => (
          <option key={key} value={key} selected={key === (value ?? Object.keys(options)[0])}>
            {words}
          </option>
        ))}
      </select>
    </label>
  );
}

export function TextFilter({ name, label, value }: Omit<ChoiceProps, "options">) {
  return (
    <label>
      {label}
      <input name={name} type="search" value={value ?? ""} autocomplete="off" data-testid={`filter-${name}`} />
    </label>
  );
}
