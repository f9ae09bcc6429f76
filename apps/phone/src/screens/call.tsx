import { useEffect, useRef, useState } from "preact/hooks";
import type { CallSession } from "../calls/call-session.ts";
import { RingTone } from "../calls/ring-tone.ts";
import { CallControls } from "../parts/call-controls.tsx";
import { CallEnd } from "../parts/call-end.tsx";
import { CallTop } from "../parts/call-top.tsx";
import { ChatPanel } from "../parts/chat-panel.tsx";
import { DevicePanel } from "../parts/device-panel.tsx";
import { LiveQuality } from "../parts/live-quality.tsx";
import { Problem } from "../parts/problem.tsx";
import { RemoteView } from "../parts/remote-view.tsx";
import { SelfView } from "../parts/self-view.tsx";
import { say } from "../sentences/say.ts";
import { useCell } from "../state/cell.ts";
import type { Line } from "../state/line.ts";

export type CallPopover = "quality" | "devices" | undefined;

/** Where there is room, the chat stands beside the video from the start. */
const roomForChat = "(min-width: 1200px)";

export function CallScreen({ line, session }: { readonly line: Line; readonly session: CallSession }) {
  useCell(session.changes);
  const { call } = session;
  const name = line.directory.nameOf(call.peer);
  const problem = useCell(session.problem);
  const online = useCell(line.status) === "online";
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
        {ended && <CallEnd line={line} session={session} name={name} />}
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
