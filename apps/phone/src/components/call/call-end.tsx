import { echoUserId } from "@echoo/protocol";
import { useEffect, useRef } from "preact/hooks";
import type { CallSession } from "../../calls/call-session.ts";
import { duration } from "../../format/format.ts";
import { endSentence } from "../../i18n/end-sentence.ts";
import { say } from "../../i18n/say.ts";
import { codeOf, sentenceFor } from "../../i18n/sentence-for.ts";
import type { AppSession } from "../../state/app-session.ts";
import { useCell } from "../../state/cell.ts";
import { detailsLink } from "../../state/route.ts";
import { SecureAddress } from "../account/insecure-note.tsx";
import { Avatar } from "../basics/avatar.tsx";
import { Icon } from "../basics/icon.tsx";
import { calledMeanwhile } from "./call-outcome.ts";

/** Who called while one talked, and heard that one is on another call. */
function Meanwhile({ appSession, callId }: { readonly appSession: AppSession; readonly callId: string }) {
  const { calls } = useCell(appSession.history.view);
  const callers = calledMeanwhile(calls, callId);
  return (
    <div class="meanwhile" role="status" data-testid="meanwhile">
      {callers.map((phone) => (
        <p key={phone} class="chip">
          <Icon name="missed" size={16} />
          {say.incoming.meanwhile(appSession.directory.nameOf(phone))}
        </p>
      ))}
    </div>
  );
}

interface CallEndProps {
  readonly appSession: AppSession;
  readonly session: CallSession;
  readonly name: string;
}

/** Why the call ended, in words, and what can be done next. */
export function CallEnd({ appSession, session, name }: CallEndProps) {
  const { call } = session;
  const { endReason, endedBy, direction } = call;
  const failure = call.failure ?? session.obstacle;
  const lastedSec = Math.floor(call.durationMs / 1000);
  const elsewhere = codeOf(failure) === "already_in_call";
  const noMedia = codeOf(failure)?.startsWith("media_");
  const isKeptOut = codeOf(failure) === "insecure_context";
  const why = !failure && endReason ? endSentence({ endReason, endedBy, direction }, name) : sentenceFor(failure);
  const close = () => appSession.controller.close();
  const again = (video: boolean) => {
    close();
    void appSession.controller.dial(call.peer, { video, supersede: elsewhere });
  };
  // The control that had the focus went with the call; a user of the keyboard finds the next one focused.
  const next = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (document.activeElement === document.body) next.current?.focus();
  }, []);
  return (
    <div class="call-end">
      <Avatar userId={call.peer} name={name} large />
      <h1 class="call-end-name">{name}</h1>
      <p class="call-end-why" data-testid="end-reason">
        {elsewhere ? say.call.supersedeQuestion : why}
      </p>
      {session.obstacle !== undefined && <p class="call-end-why soft">{say.call.stoppedHere}</p>}
      {isKeptOut && (
        <div class="call-end-why">
          <SecureAddress short />
        </div>
      )}
      {lastedSec > 0 && <p class="soft figures">{say.call.lasted(duration(lastedSec))}</p>}
      <Meanwhile appSession={appSession} callId={call.id} />
      <div class="call-end-actions">
        {!isKeptOut && (
          <button type="button" class="button primary" data-testid="call-again" onClick={() => again(call.isVideo)}>
            <Icon name={call.isVideo ? "video" : "phone"} size={20} />
            {elsewhere ? say.call.supersede : say.call.again}
          </button>
        )}
        {noMedia && call.isVideo && (
          <button type="button" class="button" onClick={() => again(false)}>
            <Icon name="phone" size={20} />
            {say.home.callAudio}
          </button>
        )}
        <button type="button" class="button" ref={next} data-testid="call-close" onClick={close}>
          {elsewhere ? say.call.keep : say.call.back}
        </button>
      </div>
      {call.peer !== echoUserId && !failure && (
        <a class="details-link" href={detailsLink(call.id)} onClick={close}>
          {say.details.heading}
        </a>
      )}
    </div>
  );
}
