import { useEffect, useState } from "preact/hooks";

export const viewNames = ["now", "calls", "people", "quality", "settings", "audit"] as const;
type ViewName = (typeof viewNames)[number];

/** Where one is: a view, what it is about, and its filters; all of it in the fragment, which no server's log sees. */
export interface Route {
  readonly view: ViewName;
  /** A call's id, or a number. */
  readonly subject?: string | undefined;
  readonly filters: Readonly<Record<string, string>>;
}

export function parseRoute(fragment: string): Route {
  const [path = "", query = ""] = fragment.replace(/^#?\/?/, "").split("?");
  const [name = "", subject] = path.split("/");
  const view = viewNames.find((each) => each === name) ?? "now";
  const filters = Object.fromEntries(new URLSearchParams(query));
  return { view, filters, ...(subject ? { subject: decoded(subject) } : {}) };
}

/** What was cut off in a chat or a mail is taken as it is. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export function fragmentOf({ view, subject, filters }: Route): string {
  const given = Object.entries(filters).filter(([, value]) => value !== "");
  const query = given.length === 0 ? "" : `?${new URLSearchParams(given)}`;
  return `#/${view}${subject === undefined ? "" : `/${encodeURIComponent(subject)}`}${query}`;
}

export function useRoute(): Route {
  const [route, setRoute] = useState(() => parseRoute(location.hash));
  useEffect(() => {
    const changed = () => setRoute(parseRoute(location.hash));
    addEventListener("hashchange", changed);
    return () => removeEventListener("hashchange", changed);
  }, []);
  return route;
}

export function go(route: Route): void {
  location.hash = fragmentOf(route);
}
