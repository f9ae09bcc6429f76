import type { Call } from "@echoo/client";
import { useEffect, useRef, useState } from "preact/hooks";
import type { CallSession } from "../calls/call-session.ts";
import { RingTone } from "../calls/ring-tone.ts";
import { Problem } from "../components/basics/problem.tsx";
import { useDismiss } from "../components/basics/use-dismiss.ts";
import { CallControls } from "../components/call/call-controls.tsx";
import { CallEnd } from "../components/call/call-end.tsx";
import { type CallPopover, CallTop } from "../components/call/call-top.tsx";
import { ChatPanel } from "../components/call/chat-panel.tsx";
import { DeviceNews } from "../components/call/device-news.tsx";
import { LiveQuality } from "../components/call/live-quality.tsx";
import { OtherCallers } from "../components/call/other-callers.tsx";
import { RemoteView, showsPeer } from "../components/call/remote-view.tsx";
import { SelfView } from "../components/call/self-view.tsx";
import { useIdle } from "../components/call/use-idle.ts";
import { DevicePanel } from "../components/media/device-panel.tsx";
import { PictureTools } from "../components/media/picture-tools.tsx";
import { useFitting } from "../components/media/use-picture.ts";
import { say } from "../i18n/say.ts";
import type { AppSession } from "../state/app-session.ts";
import { useCell } from "../state/cell.ts";

interface CallScreenProps {
  readonly appSession: AppSession;
  readonly session: CallSession;
}

interface Named {
  readonly appSession: AppSession;
  readonly name: string;
}

/** Where there is room, what concerns the picture stands at the top; else with the devices. */
const roomForTools = "(min-width: 700px)";

export function CallScreen({ appSession, session }: CallScreenProps) {
  useCell(session.changes);
  const { call } = session;
  const name = appSession.directory.nameOf(call.peer);
  useRingback(call.direction === "outgoing" && (call.state === "calling" || call.state === "ringing"));
  return (
    <section class="call" data-state={call.state} aria-label={name}>
      {call.state === "ended" ? (
        <div class="call-view">
          <CallEnd appSession={appSession} session={session} name={name} />
        </div>
      ) : (
        <Talk appSession={appSession} session={session} name={name} />
      )}
      {/* For tests: the state by its code, whatever language the sentences beside it are in. */}
      <span class="unseen" aria-hidden="true" data-testid="call-state">
        {call.state}
      </span>
      <span class="unseen" role="status">
        {announcement(call.state, name)}
      </span>
    </section>
  );
}

/** A call that goes on: the other side over the whole stage, and what can be done about it on top. */
function Talk({ appSession, session, name }: CallScreenProps & { readonly name: string }) {
  const { call } = session;
  const online = useCell(appSession.status) === "online";
  const stage = useRef<HTMLDivElement>(null);
  const remote = useRef<HTMLVideoElement>(null);
  const { fitting, toggle: onFit } = useFitting(remote);
  const { chatOpen, popover, setChatOpen, show } = usePanels(session);
  const shows = showsPeer(call);
  const idle = useIdle(stage, shows && !chatOpen && popover === undefined);
  const guard = useTouchGuard(idle);
  const wide = matchMedia(roomForTools).matches;
  const tools = <PictureTools {...{ session, remote, shows, fitting, onFit }} worded={!wide} />;
  return (
    <div ref={stage} class={`talk${chatOpen ? " with-chat" : ""}${idle ? " idle" : ""}`} {...guard}>
      <div class="call-view">
        <RemoteView session={session} name={name} videoRef={remote} fitting={fitting} onFit={onFit} />
        <SelfView session={session} />
        <CallTop session={session} online={online} name={name} popover={popover} onQuality={() => show("quality")}>
          {wide && tools}
        </CallTop>
        {popover === "quality" && <LiveQuality session={session} name={name} onClose={() => show(undefined)} />}
        {popover === "devices" && (
          <DevicePanel session={session} remote={remote} onClose={() => show(undefined)}>
            {!wide && tools}
          </DevicePanel>
        )}
        <CallBottom
          appSession={appSession}
          session={session}
          name={name}
          chatOpen={chatOpen}
          devicesOpen={popover === "devices"}
          onChat={() => setChatOpen(!chatOpen)}
          onDevices={() => show("devices")}
        />
      </div>
      {chatOpen && <ChatPanel session={session} name={name} onClose={() => setChatOpen(false)} />}
    </div>
  );
}

function CallBottom({ appSession, name, ...props }: Parameters<typeof CallControls>[0] & Named) {
  const { session } = props;
  const problem = useCell(session.problem);
  return (
    <div class="call-bottom">
      <div class="call-problem">
        <OtherCallers appSession={appSession} session={session} />
        <DeviceNews session={session} name={name} />
        <Problem text={problem} onClose={() => session.problem.set(undefined)} />
      </div>
      <CallControls {...props} />
    </div>
  );
}

/** The chat and one more panel; Escape closes what was opened last. */
function usePanels(session: CallSession) {
  const [chatOpen, setChatOpen] = useState(false);
  const [popover, setPopover] = useState<CallPopover>();
  useEffect(() => session.setChatOpen(chatOpen), [session, chatOpen]);
  const close = () => {
    const hook = popover ?? "chat";
    if (popover) setPopover(undefined);
    else setChatOpen(false);
    document.querySelector<HTMLElement>(`[data-testid="${hook}"]`)?.focus();
  };
  useDismiss(chatOpen || popover !== undefined, close);
  const show = (which: CallPopover) => setPopover(popover === which ? undefined : which);
  return { chatOpen, popover, setChatOpen, show };
}

/** A touch that wakes faded controls presses none of them: no user hangs up by a button that could not be seen. */
function useTouchGuard(idle: boolean) {
  const swallows = useRef(false);
  return {
    onPointerDownCapture: (event: PointerEvent) => {
      swallows.current = idle && event.pointerType === "touch";
    },
    onClickCapture: (event: Event) => {
      if (!swallows.current) return;
      swallows.current = false;
      event.preventDefault();
      event.stopPropagation();
    },
  };
}

function announcement(state: Call["state"], name: string): string {
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

/** The tone that a caller hears until the callee answers. */
function useRingback(on: boolean): void {
  useEffect(() => {
    if (!on) return;
    const tone = new RingTone();
    tone.start("outgoing");
    return () => tone.stop();
  }, [on]);
}
