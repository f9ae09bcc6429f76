import { echoUserId } from "@echoo/protocol";
import type { ComponentChildren } from "preact";
import type { CallSession } from "../../calls/call-session.ts";
import { clock } from "../../format/format.ts";
import { say } from "../../i18n/say.ts";
import { useLate } from "../../late/late-note.tsx";
import { callReport } from "../../late/late-report.ts";
import { Spinner } from "../basics/spinner.tsx";
import { useTick } from "../basics/use-tick.ts";

export type CallPopover = "quality" | "devices" | undefined;

interface CallTopProps {
  readonly session: CallSession;
  readonly name: string;
  /** Whether the server is there. */
  readonly online: boolean;
  readonly popover: CallPopover;
  readonly onQuality: () => void;
  /** How the picture is shown, where there is room for it. */
  readonly children?: ComponentChildren;
}

/** Who it is, how it stands, for how long, and how good the line is. */
export function CallTop({ session, name, online, popover, onQuality, children }: CallTopProps) {
  const { call } = session;
  const answered = call.state === "connected" || call.state === "reconnecting";
  if (call.state === "ended") return null;
  return (
    <header class="call-top">
      <div class="call-who">
        <h1 class="call-name cut" dir="auto">
          {name}
        </h1>
        <p class="call-line">
          {call.state === "connected" ? null : <StateWords session={session} name={name} online={online} />}
          {answered && <Timer call={call} />}
        </p>
      </div>
      <div class="call-tools">
        {answered && <QualityBadge session={session} open={popover === "quality"} onClick={onQuality} />}
        {children}
      </div>
    </header>
  );
}

function StateWords({ session, name, online }: Pick<CallTopProps, "session" | "name" | "online">) {
  const { state, localStream } = session.call;
  const isEcho = session.call.peer === echoUserId;
  const { part: report } = useLate(callReport);
  const preparing = state === "calling" && localStream === undefined;
  const words = {
    calling: preparing ? say.call.preparing : online || isEcho ? say.call.calling(name) : say.call.waiting,
    ringing: say.call.ringing,
    incoming: say.call.connecting,
    connecting: say.call.connecting,
    connected: say.call.connected,
    reconnecting: say.call.reconnecting,
    ended: say.call.ended,
  };
  return (
    <span class={`state-words${state === "reconnecting" ? " alarming" : ""}`}>
      {state !== "ringing" && <Spinner />}
      {report && state === "connecting" ? <report.MediaWait call={session.call} /> : words[state]}
    </span>
  );
}

function Timer({ call }: Pick<CallSession, "call">) {
  useTick(500);
  return (
    <span class="timer figures" role="timer" data-testid="timer">
      {clock(call.durationMs)}
    </span>
  );
}

interface BadgeProps {
  readonly session: CallSession;
  readonly open: boolean;
  readonly onClick: () => void;
}

const bars = { good: 3, moderate: 2, poor: 1 };

function QualityBadge({ session, open, onClick }: BadgeProps) {
  const { quality } = session.call;
  const level = quality?.level;
  const full = level ? bars[level] : 0;
  return (
    <button
      type="button"
      class={`quality-badge${level ? ` ${level}` : ""}`}
      data-testid="quality"
      aria-expanded={open}
      title={say.quality.button}
      onClick={onClick}
    >
      <svg width="18" height="16" viewBox="0 0 18 16" aria-hidden="true">
        {[0, 1, 2].map((bar) => (
          <rect
            key={bar}
            class={bar < full ? "full" : ""}
            x={1 + bar * 6}
            y={10 - bar * 4}
            width="4"
            height={5 + bar * 4}
            rx="1.5"
          />
        ))}
      </svg>
      {/* A good line needs no words beside its bars; what is wrong with one is said. */}
      <span class={level === "good" ? "unseen" : ""}>{level ? say.quality.level[level] : say.quality.measuring}</span>
    </button>
  );
}
