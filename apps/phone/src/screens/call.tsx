import { useEffect, useRef, useState } from "preact/hooks";
import type { CallSession } from "../calls/call-session.ts";
import { RingTone } from "../calls/ring-tone.ts";
import { DevicePanel } from "../components/account/device-panel.tsx";
import { Problem } from "../components/basics/problem.tsx";
import { CallControls } from "../components/call/call-controls.tsx";
import { CallEnd } from "../components/call/call-end.tsx";
import { type CallPopover, CallTop } from "../components/call/call-top.tsx";
import { ChatPanel } from "../components/call/chat-panel.tsx";
import { LiveQuality } from "../components/call/live-quality.tsx";
import { RemoteView } from "../components/call/remote-view.tsx";
import { SelfView } from "../components/call/self-view.tsx";
import { say } from "../i18n/say.ts";
import type { AppSession } from "../state/app-session.ts";
import { useCell } from "../state/cell.ts";

/** Where there is room, the chat stands beside the video from the start. */
const roomForChat = "(min-width: 1200px)";

export function CallScreen({
  appSession,
  session,
}: {
  readonly appSession: AppSession;
  readonly session: CallSession;
}) {
  useCell(session.changes);
  const { call } = session;
  const name = appSession.directory.nameOf(call.peer);
  const problem = useCell(session.problem);
  const online = useCell(appSession.status) === "online";
  const [chatOpen, setChatOpen] = useState(() => matchMedia(roomForChat).matches);
  const [popover, setPopover] = useState<CallPopover>();
  const remote = useRef<HTMLVideoElement>(null);
  const ended = call.state === "ended";
  useEffect(() => session.setChatOpen(chatOpen), [session, chatOpen]);
  useRingback(call.direction === "outgoing" && (call.state === "calling" || call.state === "ringing"));
  const toggle = (which: CallPopover) => setPopover(popover === which ? undefined : which);
  return (
    <section class={`call${chatOpen && !ended ? " with-chat" : ""}`} data-state={call.state} aria-label={name}>
      <div class="call-view">
        <RemoteView session={session} name={name} videoRef={remote} />
        {!ended && <SelfView call={call} />}
        <CallTop session={session} online={online} name={name} popover={popover} onQuality={() => toggle("quality")} />
        {popover === "quality" && <LiveQuality session={session} name={name} onClose={() => setPopover(undefined)} />}
        {popover === "devices" && !ended && (
          <DevicePanel session={session} remote={remote} onClose={() => setPopover(undefined)} />
        )}
        <div class="call-bottom">
          {!ended && (
            <div class="call-problem">
              <Problem text={problem} onClose={() => session.problem.set(undefined)} />
            </div>
          )}
          {!ended && (
            <CallControls
              session={session}
              chatOpen={chatOpen}
              devicesOpen={popover === "devices"}
              onChat={() => setChatOpen(!chatOpen)}
              onDevices={() => toggle("devices")}
            />
          )}
        </div>
        {ended && <CallEnd appSession={appSession} session={session} name={name} />}
        {/* For tests: the state by its code, whatever language the sentences beside it are in. */}
        <span class="unseen" aria-hidden="true" data-testid="call-state">
          {call.state}
        </span>
        <span class="unseen" role="status">
          {announcement(call.state, name)}
        </span>
      </div>
      {chatOpen && !ended && <ChatPanel session={session} name={name} onClose={() => setChatOpen(false)} />}
    </section>
  );
}

function announcement(state: CallSession["call"]["state"], name: string): string {
  switch (state) {
    case "calling":
      return say.call.calling(name);
    case "incoming":
      return say.incoming.announce(name);
    case "ringing":
    case "connecting":
    case "connected":
    case "reconnecting":
    case "ended":
      return say.call[state];
  }
}

/** The tone that a caller hears until somebody answers. */
function useRingback(on: boolean): void {
  useEffect(() => {
    if (!on) return;
    const tone = new RingTone();
    tone.start("outgoing");
    return () => tone.stop();
  }, [on]);
}
