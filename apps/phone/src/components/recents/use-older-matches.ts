import { useEffect, useRef } from "preact/hooks";
import { after } from "../../platform.ts";

/** A search goes so many pages into older calls by itself; further ones are asked for by hand. */
export const searchedPages = 30;
/** As many fill the list; the rest can be asked for. */
const enoughMatches = 20;
/** A user who types is not done with every letter, and the server has others to answer. */
const pauseMs = 250;

interface Search {
  readonly text: string;
  readonly missedOnly: boolean;
  readonly state: "loading" | "ready" | "failed";
  /** How many calls were searched. */
  readonly loaded: number;
  readonly matches: number;
  readonly hasMore: boolean;
  more(): Promise<void>;
}

/** Reads older calls while a search has found little among those that are here; tells whether it still does. */
export function useOlderMatches(search: Search): boolean {
  const { text, missedOnly, state, loaded, matches, hasMore } = search;
  const asked = useRef({ what: "", pages: 0 });
  const what = `${missedOnly} ${text}`;
  if (asked.current.what !== what) asked.current = { what, pages: 0 };
  const goesOn = text !== "" && hasMore && state === "ready" && matches < enoughMatches;
  const isSearching = goesOn && asked.current.pages < searchedPages;
  // biome-ignore lint/correctness/useExhaustiveDependencies: each page that came may call for the next one.
  useEffect(() => {
    if (!isSearching) return;
    return after(pauseMs, () => {
      asked.current.pages += 1;
      void search.more();
    });
  }, [isSearching, what, loaded]);
  return isSearching;
}
