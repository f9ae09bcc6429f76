import { useEffect, useId, useRef, useState } from "preact/hooks";
import type { CallSession } from "../calls/call-session.ts";
import { RingTone } from "../calls/ring-tone.ts";
import { Avatar } from "../parts/avatar.tsx";
import { Icon } from "../parts/icon.tsx";
import { Problem } from "../parts/problem.tsx";
import { every } from "../platform.ts";
import { say } from "../sentences/say.ts";
import { useCell } from "../state/cell.ts";
import type { Line } from "../state/line.ts";

const buzzMs = [400, 250, 400];
const buzzPeriodMs = 2500;
const silenceCheckMs = 500;

/** Somebody who types keeps the caret: the call then shows as a banner and takes no focus. */
function isTyping(): boolean {
  const at = document.activeElement;
  return at instanceof HTMLTextAreaElement || (at instanceof HTMLInputElement && at.value !== "");
}

export function Incoming({ line, session }: { readonly line: Line; readonly session: CallSession }) {
  const { call } = session;
  const problem = useCell(session.problem);
  const id = useId();
  const [typing] = useState(isTyping);
  const accept = useRef<HTMLButtonElement>(null);
  const silent = useRinging();
  const name = line.directory.nameOf(call.peer);
  const kind = call.isVideo ? say.incoming.video : say.incoming.audio;
  useEffect(() => {
    const before = document.activeElement;
    if (typing) return;
    accept.current?.focus();
    return () => before instanceof HTMLElement && before.isConnected && before.focus();
  }, [typing]);
  return (
    <div
      class={`incoming${typing ? " banner" : ""}`}
      role="alertdialog"
      aria-labelledby={`${id}-who`}
      aria-describedby={`${id}-kind`}
      data-testid="incoming"
    >
      <div class="incoming-card">
        <div class="incoming-who">
          <span class="ringing-avatar">
            <Avatar userId={call.peer} name={name} large={!typing} />
          </span>
          <div class="incoming-words">
            <p class="incoming-name cut" id={`${id}-who`}>
              {name}
            </p>
            <p class="soft" id={`${id}-kind`}>
              {kind}
              {name !== call.peer && <span class="figures incoming-number"> · {call.peer}</span>}
            </p>
          </div>
        </div>
        <Problem text={problem} />
        {silent && !typing && <p class="small soft">{say.incoming.silent}</p>}
        <div class="incoming-actions">
          <button type="button" class="call-action decline" data-testid="decline" onClick={() => line.desk.decline()}>
            <span class="call-action-disc">
              <Icon name="phone" size={26} class="hung-up" />
            </span>
            {say.incoming.decline}
          </button>
          {call.isVideo && (
            <button
              type="button"
              class="call-action quiet"
              data-testid="accept-audio"
              onClick={() => void line.desk.answer(false)}
            >
              <span class="call-action-disc">
                <Icon name="videoOff" size={24} />
              </span>
              {say.incoming.acceptAudio}
            </button>
          )}
          <button
            type="button"
            class="call-action accept"
            ref={accept}
            data-testid="accept"
            onClick={() => void line.desk.answer(call.isVideo)}
          >
            <span class="call-action-disc">
              <Icon name={call.isVideo ? "video" : "phone"} size={26} />
            </span>
            {say.incoming.accept}
          </button>
        </div>
      </div>
    </div>
  );
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
