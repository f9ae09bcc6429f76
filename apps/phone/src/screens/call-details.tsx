import type { CallSide, CallStatistics } from "@echoo/protocol";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { Avatar } from "../components/basics/avatar.tsx";
import { Icon } from "../components/basics/icon.tsx";
import { Problem } from "../components/basics/problem.tsx";
import { ScreenHead } from "../components/basics/screen-head.tsx";
import { Spinner } from "../components/basics/spinner.tsx";
import { callOutcome } from "../components/call/call-outcome.ts";
import { SideQuality } from "../components/quality/side-quality.tsx";
import { VerdictNote } from "../components/verdict/verdict-note.tsx";
import { duration, longWhen } from "../format/format.ts";
import { endSentence } from "../i18n/end-sentence.ts";
import { say } from "../i18n/say.ts";
import { sentenceFor } from "../i18n/sentence-for.ts";
import type { CallRow } from "../state/api.ts";
import type { AppSession } from "../state/app-session.ts";
import { useCell } from "../state/cell.ts";
import type { Opened } from "../state/history.ts";
import { goHome } from "../state/route.ts";

export interface DetailsProps {
  readonly appSession: AppSession;
  readonly callId: string;
}

/** One call afterwards: how it ended, and what both sides measured. */
export function CallDetails({ appSession, callId }: DetailsProps) {
  useCell(appSession.history.view);
  const [opened, setOpened] = useState<Opened>();
  const call = appSession.history.find(callId);
  const heading = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => heading.current?.focus(), []);
  const open = () => {
    setOpened(undefined);
    void appSession.history.open(callId).then(setOpened);
  };
  useEffect(open, [appSession, callId]);
  return (
    <section class="details" aria-labelledby="details-heading">
      <ScreenHead id="details-heading" text={say.details.heading} heading={heading} backHook="details-back" />
      {call ? (
        <CallFacts appSession={appSession} call={call} />
      ) : opened === "failed" ? (
        <Problem text={say.problem.call_failed} action={{ label: say.retry, run: open }} />
      ) : opened === undefined ? (
        <p class="empty waiting" role="status">
          <Spinner /> {say.loading}
        </p>
      ) : (
        <p class="empty">{say.details.notFound}</p>
      )}
    </section>
  );
}

function CallFacts({ appSession, call }: { readonly appSession: AppSession; readonly call: CallRow }) {
  const name = appSession.directory.nameOf(call.peer.phone);
  const [problem, setProblem] = useState<string>();
  const outcome = callOutcome(call);
  const facts = [
    [say.details.when, longWhen(Date.parse(call.startTime))],
    [say.details.kind, say.recents.kind(call.isVideo)],
    [say.details.duration, call.duration > 0 ? duration(call.duration) : say.details.notAnswered],
  ];
  const hide = () => appSession.history.hide(call.callId).then(goHome, (error) => setProblem(sentenceFor(error)));
  return (
    <div class="details-body">
      <div class="details-who">
        <Avatar userId={call.peer.phone} name={name} large />
        <p class="details-name">{name}</p>
        {name !== call.peer.phone && <p class="soft figures">{call.peer.phone}</p>}
        <p class={`details-end${outcome.alarming ? " alarming" : ""}`}>
          <Icon name={outcome.icon} size={18} />
          <span>
            {call.direction === "incoming" ? say.recents.incoming : say.recents.outgoing}.{" "}
            <span data-testid="end-reason">{endSentence(call, name)}</span>
          </span>
        </p>
        <CallActions appSession={appSession} phone={call.peer.phone} />
      </div>
      <dl class="facts">
        {facts.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <Sides appSession={appSession} call={call} name={name} />
      <Problem text={problem} onClose={() => setProblem(undefined)} />
      <div class="details-more">
        <PersonActions appSession={appSession} phone={call.peer.phone} name={name} onProblem={setProblem} />
        <button type="button" class="link-button danger" onClick={() => void hide()}>
          <Icon name="trash" size={16} />
          {say.details.hide}
        </button>
      </div>
    </div>
  );
}

function CallActions({ appSession, phone }: Pick<PersonActionsProps, "appSession" | "phone">) {
  const dial = (video: boolean) => void appSession.controller.dial(phone, { video });
  return (
    <div class="details-actions">
      <button type="button" class="button primary compact" onClick={() => dial(true)}>
        <Icon name="video" size={18} />
        {say.home.callVideo}
      </button>
      <button type="button" class="button soft-accent compact" onClick={() => dial(false)}>
        <Icon name="phone" size={18} />
        {say.home.callAudio}
      </button>
    </div>
  );
}

interface PersonActionsProps {
  readonly appSession: AppSession;
  readonly phone: string;
  readonly name: string;
  readonly onProblem: (text: string) => void;
}

/** What can be done about the other side without a call. */
function PersonActions({ appSession, phone, name, onProblem }: PersonActionsProps) {
  const { directory } = appSession;
  const blocked = useCell(directory.blocked).has(phone);
  const isContact = useCell(directory.view).contacts.some((contact) => contact.phone === phone);
  const attempt = (action: Promise<void>) => action.catch((error) => onProblem(sentenceFor(error)));
  return (
    <>
      {!isContact && (
        <button
          type="button"
          class="link-button"
          data-testid="details-add"
          onClick={() => void attempt(directory.add(phone, name === phone ? undefined : name))}
        >
          <Icon name="plus" size={16} />
          {say.details.addContact}
        </button>
      )}
      <button
        type="button"
        class="link-button"
        data-testid="details-block"
        onClick={() => void attempt(directory.setBlocked(phone, !blocked))}
      >
        <Icon name="block" size={16} />
        {blocked ? say.contacts.unblock : say.contacts.block}
      </button>
    </>
  );
}

function Sides({
  appSession,
  call,
  name,
}: {
  readonly appSession: AppSession;
  readonly call: CallRow;
  readonly name: string;
}) {
  const [statistics, setStatistics] = useState<CallStatistics>();
  const [problem, setProblem] = useState<string>();
  const { callId, hasStats, verdict } = call;
  const isRead = hasStats || verdict !== undefined;
  useEffect(() => {
    let here = true;
    if (isRead) {
      appSession.api.callStatistics(callId).then(
        (read) => here && setStatistics(read),
        (error) => here && setProblem(sentenceFor(error)),
      );
    }
    return () => {
      here = false;
    };
  }, [appSession, callId, isRead]);
  return (
    <>
      <VerdictNote call={call} read={statistics?.verdict} />
      {problem ? (
        <Problem text={problem} />
      ) : !hasStats ? (
        <p class="empty">{say.details.none}</p>
      ) : statistics ? (
        <BothSides statistics={statistics} phone={appSession.session.phone} name={name} />
      ) : (
        <p class="empty waiting" role="status">
          <Spinner /> {say.loading}
        </p>
      )}
    </>
  );
}

interface BothSidesProps {
  readonly statistics: CallStatistics;
  readonly phone: string;
  readonly name: string;
}

function BothSides({ statistics, phone, name }: BothSidesProps) {
  const sideOf = (mine: boolean): CallSide | undefined =>
    statistics.sides.find((side) => (side.phone === phone) === mine);
  return (
    <div class="sides">
      <SideQuality heading={say.quality.yours} side={sideOf(true)} />
      <SideQuality heading={say.quality.theirs(name)} side={sideOf(false)} />
    </div>
  );
}
