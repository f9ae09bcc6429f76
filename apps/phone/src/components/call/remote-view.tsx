import type { Call } from "@echoo/client";
import type { RefObject } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { CallSession } from "../../calls/call-session.ts";
import { say } from "../../i18n/say.ts";
import { useLate } from "../../late/late-note.tsx";
import { callReport } from "../../late/late-report.ts";
import { useCell } from "../../state/cell.ts";
import { Avatar } from "../basics/avatar.tsx";
import { Icon } from "../basics/icon.tsx";

interface RemoteViewProps {
  readonly session: CallSession;
  readonly name: string;
  readonly videoRef: RefObject<HTMLVideoElement | null>;
  readonly fitting: "contain" | "cover";
  readonly onFit: () => void;
}

/** Whether the other side's picture is on the screen. */
export function showsPeer({ state, peerMedia, remoteStream }: Call): boolean {
  const connected = state === "connected" || state === "reconnecting";
  return connected && (peerMedia.video || peerMedia.screen) && remoteStream !== undefined;
}

/** The other side: their picture where they send one, else who they are. */
export function RemoteView({ session, name, videoRef, fitting, onFit }: RemoteViewProps) {
  const { call } = session;
  const reactions = useCell(session.reactions);
  const blocked = useStream(videoRef, call.remoteStream);
  const { part: report } = useLate(callReport);
  useEffect(() => report?.notePlayback(call, blocked ? "refused" : "playing"), [report, call, blocked]);
  const connected = call.state === "connected" || call.state === "reconnecting";
  const shows = showsPeer(call);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a button of the toolbar does the same.
    <div class={`remote${shows ? " shows" : ""} ${fitting}`} onDblClick={onFit}>
      {/* biome-ignore lint/a11y/useMediaCaption: a live call has no captions. */}
      <video
        ref={videoRef}
        class="remote-video"
        data-testid="remote-video"
        autoplay
        playsInline
        aria-label={say.call.remoteVideo(name)}
      />
      {!shows && (
        <div class="remote-person">
          <span class={call.state === "calling" || call.state === "ringing" ? "ringing-avatar" : undefined}>
            <Avatar userId={call.peer} name={name} large />
          </span>
        </div>
      )}
      {connected && <PeerNotes session={session} name={name} />}
      {blocked && (
        <button type="button" class="button primary play" onClick={() => void videoRef.current?.play()}>
          {say.call.playBlocked}
        </button>
      )}
      <div class="reactions" aria-hidden="true">
        {reactions.map(({ id, emoji }) => (
          <span key={id} class={`reaction lane-${id % 5}`}>
            {emoji}
          </span>
        ))}
      </div>
    </div>
  );
}

/** What the other side does not send, which would else look like a fault. */
function PeerNotes({ session, name }: Pick<RemoteViewProps, "session" | "name">) {
  const { peerMedia, isVideo, media } = session.call;
  const notes = [
    !peerMedia.audio && ({ icon: "micOff", words: say.call.peerMuted(name) } as const),
    isVideo &&
      !peerMedia.video &&
      !peerMedia.screen &&
      ({ icon: "videoOff", words: say.call.peerCameraOff(name) } as const),
    peerMedia.screen && ({ icon: "screen", words: say.call.peerSharing(name) } as const),
    !media.audio && ({ icon: "micOff", words: say.call.youMuted } as const),
  ].filter((note) => note !== false);
  return (
    <ul class="peer-notes">
      {notes.map(({ icon, words }) => (
        <li key={words} class="chip">
          <Icon name={icon} size={16} />
          {words}
        </li>
      ))}
    </ul>
  );
}

/** Shows a stream in an element; tells whether the browser refuses to play it until the user touches the page. */
export function useStream(video: RefObject<HTMLVideoElement | null>, stream: MediaStream | undefined): boolean {
  const [blocked, setBlocked] = useState(false);
  useEffect(() => {
    const element = video.current;
    if (!element) return;
    element.srcObject = stream ?? null;
    const onPlaying = () => setBlocked(false);
    element.addEventListener("playing", onPlaying);
    if (stream) element.play().catch((error: DOMException) => setBlocked(error.name === "NotAllowedError"));
    return () => element.removeEventListener("playing", onPlaying);
  }, [video, stream]);
  return blocked;
}
