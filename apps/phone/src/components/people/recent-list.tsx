import { useEffect, useRef, useState } from "preact/hooks";
import { count, duration, shortWhen } from "../../format/format.ts";
import { say } from "../../i18n/say.ts";
import { after, now } from "../../platform.ts";
import type { CallRow } from "../../state/api.ts";
import type { AppSession } from "../../state/app-session.ts";
import { useCell } from "../../state/cell.ts";
import { detailsLink, route } from "../../state/route.ts";
import { Avatar } from "../basics/avatar.tsx";
import { Icon } from "../basics/icon.tsx";
import { Problem } from "../basics/problem.tsx";
import { Spinner } from "../basics/spinner.tsx";
import { callOutcome } from "../call/call-outcome.ts";

const looksAfterMs = 1500;

/** The history, newest first; a tap calls back. */
export function RecentList({ appSession }: { readonly appSession: AppSession }) {
  const { calls, state, nextCursor, unseenMissed } = useCell(appSession.history.view);
  const [loadingMore, setLoadingMore] = useState(false);
  const list = useRef<HTMLUListElement>(null);
  useLookedAt(list, unseenMissed, () => void appSession.history.markSeen());
  const more = () => {
    setLoadingMore(true);
    appSession.history.more().then(() => setLoadingMore(false));
  };
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
      {state === "failed" && (
        <Problem
          text={say.problem.history_failed}
          action={{ label: say.retry, run: () => void appSession.history.reload() }}
        />
      )}
      <ul class="rows" data-testid="recents" ref={list} aria-busy={state === "loading"}>
        {calls.map((call) => (
          <RecentRow key={call.callId} call={call} appSession={appSession} />
        ))}
      </ul>
      {state === "loading" && calls.length === 0 && (
        <p class="empty waiting" role="status">
          <Spinner /> {say.recents.loading}
        </p>
      )}
      {state === "ready" && calls.length === 0 && <p class="empty">{say.recents.empty}</p>}
      {nextCursor !== undefined && (
        <button type="button" class="link-button more" aria-disabled={loadingMore} onClick={more}>
          {loadingMore ? say.recents.loading : say.recents.more}
        </button>
      )}
    </section>
  );
}

function RecentRow({ call, appSession }: { readonly call: CallRow; readonly appSession: AppSession }) {
  const name = appSession.directory.nameOf(call.peer.phone);
  const outcome = callOutcome(call);
  const where = useCell(route);
  const open = where.page === "details" && where.callId === call.callId;
  const long = call.duration > 0 ? duration(call.duration) : undefined;
  return (
    <li class={`row${call.seen ? "" : " unread"}${open ? " open" : ""}`} data-testid="recent">
      <button
        type="button"
        class="row-main"
        title={say.recents.callBack(name)}
        onClick={() => void appSession.controller.dial(call.peer.phone, { video: call.isVideo })}
      >
        <Avatar userId={call.peer.phone} name={name} />
        <span class="row-text">
          <span class={`row-name cut${outcome.alarming ? " alarming" : ""}`}>{name}</span>
          <span class="row-sub cut">
            <Icon name={outcome.icon} size={15} class={outcome.alarming ? "alarming" : ""} />
            <span class="cut">
              <span class="unseen">
                {call.direction === "incoming" ? say.recents.incoming : say.recents.outgoing}:{" "}
              </span>
              {long ? `${outcome.words} · ${long}` : outcome.words}
            </span>
          </span>
        </span>
        <span class="row-side">
          <time class="figures" dateTime={call.startTime}>
            {shortWhen(Date.parse(call.startTime), now())}
          </time>
          {call.quality && (
            <span class={`dot ${call.quality.level}`} role="img" aria-label={say.recents.quality[call.quality.level]} />
          )}
        </span>
      </button>
      <a
        class="icon-button"
        href={detailsLink(call.callId)}
        aria-current={open ? "page" : undefined}
        aria-label={say.recents.details(name)}
      >
        <Icon name="info" size={20} />
      </a>
    </li>
  );
}

/** Runs `seen` once somebody who has the list before their eyes moves, touches or types. */
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
