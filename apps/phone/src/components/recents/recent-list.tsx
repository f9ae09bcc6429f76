import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { count } from "../../format/format.ts";
import { say } from "../../i18n/say.ts";
import { after, now } from "../../platform.ts";
import type { AppSession } from "../../state/app-session.ts";
import { useCell } from "../../state/cell.ts";
import { Icon } from "../basics/icon.tsx";
import { Problem } from "../basics/problem.tsx";
import { Spinner } from "../basics/spinner.tsx";
import { MissedCalls } from "./missed-calls.ts";
import { byDay, matching } from "./recent-days.ts";
import { RecentRow } from "./recent-row.tsx";
import { useOlderMatches } from "./use-older-matches.ts";

const looksAfterMs = 1500;

/** The history by days, newest first; all of it or what was missed, and searched by name or number. */
export function RecentList({ appSession }: { readonly appSession: AppSession }) {
  const { unseenMissed } = useCell(appSession.history.view);
  const shown = useShown(appSession);
  const list = useRef<HTMLDivElement>(null);
  useLookedAt(list, unseenMissed, () => void appSession.history.markSeen());
  return (
    <section class="list-section" aria-labelledby="recents-heading">
      <div class="section-head">
        <h2 id="recents-heading">{say.recents.heading}</h2>
        {unseenMissed > 0 && (
          <span class="badge">
            {unseenMissed === 1 ? say.recents.oneUnseen : say.recents.unseen(count(unseenMissed))}
          </span>
        )}
      </div>
      {(shown.calls.length > 0 || shown.missedOnly || shown.text !== "") && <Filters shown={shown} />}
      {shown.state === "failed" && (
        <Problem text={say.problem.history_failed} action={{ label: say.retry, run: shown.reload }} />
      )}
      <div data-testid="recents" ref={list} aria-busy={shown.state === "loading"}>
        {byDay(shown.calls, now()).map(({ heading, calls }) => (
          <section key={heading} aria-label={heading}>
            <h3 class="day">{heading}</h3>
            <ul class="rows">
              {calls.map((call) => (
                <RecentRow key={call.callId} call={call} appSession={appSession} />
              ))}
            </ul>
          </section>
        ))}
      </div>
      <Rest shown={shown} />
    </section>
  );
}

type Shown = ReturnType<typeof useShown>;

/** What the list shows: the source that was chosen, narrowed by what is searched for. */
function useShown(appSession: AppSession) {
  const [missedOnly, setMissedOnly] = useState(false);
  const [text, setText] = useState("");
  const missed = useMemo(() => new MissedCalls(appSession.api), [appSession]);
  const all = useCell(appSession.history.view);
  const onlyMissed = useCell(missed.view);
  const newest = all.calls[0]?.callId;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new call may be a missed one.
  useEffect(() => {
    if (missedOnly) void missed.reload();
  }, [missed, missedOnly, newest]);
  const source = missedOnly ? missed : appSession.history;
  const { calls, state, nextCursor } = missedOnly ? onlyMissed : all;
  const nameOf = (userId: string) => appSession.directory.nameOf(userId);
  return {
    missedOnly,
    setMissedOnly,
    text,
    setText,
    state,
    loaded: calls.length,
    calls: matching(calls, text, nameOf),
    hasMore: nextCursor !== undefined,
    more: () => source.more(),
    reload: () => void source.reload(),
  };
}

function Filters({ shown }: { readonly shown: Shown }) {
  const [searching, setSearching] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const toggle = () => {
    if (searching) {
      shown.setText("");
      opener.current?.focus();
    }
    setSearching(!searching);
  };
  return (
    <>
      <fieldset class="filters" aria-label={say.recents.filter}>
        {[false, true].map((missed) => (
          <button
            key={String(missed)}
            type="button"
            class="filter"
            data-testid={missed ? "filter-missed" : "filter-all"}
            aria-pressed={shown.missedOnly === missed}
            onClick={() => shown.setMissedOnly(missed)}
          >
            {missed ? say.recents.onlyMissed : say.recents.all}
          </button>
        ))}
        <button
          ref={opener}
          type="button"
          class="icon-button"
          data-testid="recents-search-open"
          aria-label={say.recents.search}
          title={say.recents.search}
          aria-expanded={searching}
          onClick={toggle}
        >
          <Icon name={searching ? "close" : "search"} size={20} />
        </button>
      </fieldset>
      {searching && <SearchField shown={shown} onEscape={toggle} />}
    </>
  );
}

/** Takes the focus as it opens, and never again: the user may be typing elsewhere when the list changes. */
function SearchField({ shown, onEscape }: { readonly shown: Shown; readonly onEscape: () => void }) {
  const field = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => field.current?.focus(), []);
  return (
    <input
      ref={field}
      class="input search"
      type="search"
      data-testid="recents-search"
      aria-label={say.recents.search}
      placeholder={say.recents.searchFor}
      autoComplete="off"
      maxLength={64}
      value={shown.text}
      onInput={(event) => shown.setText(event.currentTarget.value)}
      onKeyDown={(event) => event.key === "Escape" && onEscape()}
    />
  );
}

/** What stands under the rows: that there are none, that they come, or the way to older ones. */
function Rest({ shown }: { readonly shown: Shown }) {
  const [loadingMore, setLoadingMore] = useState(false);
  const { state, calls, text, missedOnly, hasMore } = shown;
  const isSearching = useOlderMatches({ ...shown, matches: calls.length });
  const more = () => {
    setLoadingMore(true);
    shown.more().then(() => setLoadingMore(false));
  };
  const noMatch = hasMore ? say.recents.noMatchYet : say.recents.noMatch;
  const none = text !== "" ? noMatch(text) : missedOnly ? say.recents.noMissed : say.recents.empty;
  return (
    <>
      {(isSearching || (state === "loading" && calls.length === 0)) && (
        <p class="empty waiting" role="status">
          <Spinner /> {isSearching ? say.recents.searchingOlder : say.recents.loading}
        </p>
      )}
      {state === "ready" && calls.length === 0 && !isSearching && <p class="empty">{none}</p>}
      {hasMore && !isSearching && (
        <button type="button" class="link-button more" aria-disabled={loadingMore} onClick={more}>
          {loadingMore ? say.recents.loading : say.recents.more}
        </button>
      )}
    </>
  );
}

/** Runs `seen` once the user moves, touches or types while the list is on the screen. */
function useLookedAt(list: { readonly current: Element | null }, unseen: number, seen: () => void): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new missed call has to be looked at anew.
  useEffect(() => {
    const element = list.current;
    if (unseen === 0 || !element) return;
    let visible = false;
    const observer = new IntersectionObserver(([entry]) => {
      visible = entry?.isIntersecting ?? false;
    });
    observer.observe(element);
    const onActivity = () => {
      if (visible && document.visibilityState === "visible") seen();
    };
    const signs = ["pointermove", "pointerdown", "keydown", "focus"] as const;
    const cancel = after(looksAfterMs, () => {
      for (const sign of signs) addEventListener(sign, onActivity);
    });
    return () => {
      cancel();
      observer.disconnect();
      for (const sign of signs) removeEventListener(sign, onActivity);
    };
  }, [unseen]);
}
