import type { RefObject } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import type { CallSession } from "../calls/call-session.ts";
import { RingTone } from "../calls/ring-tone.ts";
import { InsecureRing, isKeptOut } from "../components/account/insecure-note.tsx";
import { Avatar } from "../components/basics/avatar.tsx";
import { Problem } from "../components/basics/problem.tsx";
import { IncomingActions } from "../components/call/incoming-actions.tsx";
import { say } from "../i18n/say.ts";
import { every } from "../platform.ts";
import type { AppSession } from "../state/app-session.ts";
import { useCell } from "../state/cell.ts";

const buzzMs = [400, 250, 400];
const buzzPeriodMs = 2500;
const silenceCheckMs = 500;
const narrow = "(max-width: 899px)";

/** A user in a text field keeps the caret: the call then shows as a banner and takes no focus. */
function isTyping(): boolean {
  const at = document.activeElement;
  return at instanceof HTMLTextAreaElement || at instanceof HTMLInputElement;
}

/** Who calls, and what can be done about it. */
export function Incoming({ appSession, session }: { readonly appSession: AppSession; readonly session: CallSession }) {
  const { call } = session;
  const id = useId();
  const [typing] = useState(isTyping);
  const problem = useCell(session.problem);
  const accept = useRef<HTMLButtonElement>(null);
  const silent = useRinging();
  useFocus(accept, !typing);
  const name = appSession.directory.nameOf(call.peer);
  return (
    <div
      class={`incoming${typing ? " banner" : ""}`}
      role="alertdialog"
      aria-labelledby={`${id}-who`}
      aria-describedby={isKeptOut() ? `${id}-kind ${id}-kept-out` : `${id}-kind`}
      data-testid="incoming"
    >
      <div class="incoming-card">
        <div class="incoming-who">
          <span class="ringing-avatar">
            <Avatar userId={call.peer} name={name} large={!typing} />
          </span>
          <div class="incoming-words">
            <p class="incoming-name" id={`${id}-who`} dir="auto">
              {name}
            </p>
            <p class="soft" id={`${id}-kind`}>
              {call.isVideo ? say.incoming.video : say.incoming.audio}
              {name !== call.peer && <span class="figures"> · {call.peer}</span>}
            </p>
          </div>
        </div>
        <Problem text={problem} />
        <InsecureRing id={`${id}-kept-out`} />
        {silent && !typing && <p class="small soft">{say.incoming.silent}</p>}
        <div role="status" class="also">
          <AlsoRinging appSession={appSession} />
        </div>
        <IncomingActions controller={appSession.controller} session={session} acceptRef={accept} />
      </div>
    </div>
  );
}

/** The other callers who ring: none is hidden behind the one in front. */
function AlsoRinging({ appSession }: { readonly appSession: AppSession }) {
  const waiting = useCell(appSession.controller.waiting);
  if (waiting.length === 0) return null;
  return (
    <ul class="also-ringing">
      {waiting.map((ring) => {
        const name = appSession.directory.nameOf(ring.call.peer);
        return (
          <li key={ring.key} data-testid="also-ringing">
            <Avatar userId={ring.call.peer} name={name} />
            <span class="also-words">
              {say.incoming.also(name)}
              {name !== ring.call.peer && <span class="also-number small soft figures">{ring.call.peer}</span>}
            </span>
            <button
              type="button"
              class="button compact"
              aria-label={`${say.incoming.show} ${ring.call.peer}`}
              onClick={() => appSession.controller.bringForward(ring)}
            >
              {say.incoming.show}
            </button>
          </li>
        );
      })}
    </ul>
  );
}

/** Takes the focus and gives it back. On a phone the dialog covers the page, which must not be reached behind it. */
function useFocus(accept: RefObject<HTMLButtonElement | null>, takes: boolean): void {
  useEffect(() => {
    if (!takes) return;
    const before = document.activeElement;
    const page = document.querySelector<HTMLElement>(".app");
    if (page) page.inert = matchMedia(narrow).matches;
    accept.current?.focus();
    return () => {
      if (page) page.inert = false;
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, [accept, takes]);
}

/** Rings and buzzes for as long as the dialog is there; tells whether the browser keeps the page silent. */
function useRinging(): boolean {
  const [silent, setSilent] = useState(false);
  useEffect(() => {
    const tone = new RingTone();
    tone.start("incoming");
    const buzz = () => navigator.vibrate?.(buzzMs);
    buzz();
    const stops = [every(buzzPeriodMs, buzz), every(silenceCheckMs, () => setSilent(tone.silenced))];
    const wake = () => tone.wake();
    addEventListener("pointerdown", wake);
    addEventListener("keydown", wake);
    return () => {
      for (const stop of stops) stop();
      tone.stop();
      navigator.vibrate?.(0);
      removeEventListener("pointerdown", wake);
      removeEventListener("keydown", wake);
    };
  }, []);
  return silent;
}
