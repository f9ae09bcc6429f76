import type { Call } from "@echoo/client";
import { useRef, useState } from "preact/hooks";
import type { CallSession } from "../../calls/call-session.ts";
import { say } from "../../i18n/say.ts";
import { Icon } from "../basics/icon.tsx";
import { useDevices } from "../media/use-devices.ts";
import { useStream } from "./remote-view.tsx";

/** Corners by the reading direction: block start or end, inline start or end. */
interface Corner {
  readonly block: "start" | "end";
  readonly inline: "start" | "end";
}

const keyMoves: Readonly<Record<string, Partial<Corner>>> = {
  ArrowUp: { block: "start" },
  ArrowDown: { block: "end" },
};
const dragStartsAtPx = 6;

/** One's own picture in a corner; it can be dragged to another, or moved there with the arrow keys. */
export function SelfView({ session }: { readonly session: CallSession }) {
  const { call } = session;
  const shows = call.media.video || call.media.screen;
  return call.isVideo || shows ? <SelfFrame session={session} shows={shows} /> : null;
}

/** Apart from the above, so that the stream is put into the element whenever there is one: what is sent is shown. */
function SelfFrame({ session, shows }: { readonly session: CallSession; readonly shows: boolean }) {
  const { call } = session;
  const video = useRef<HTMLVideoElement>(null);
  const { frame, corner, handlers } = useCorner();
  useStream(video, call.localStream);
  // Until the callee answers there is no other picture.
  const alone = shows && (call.state === "calling" || call.state === "ringing");
  return (
    // biome-ignore lint/a11y/useSemanticElements: a button may hold no video.
    <div
      ref={frame}
      class={`self block-${corner.block} inline-${corner.inline}${shows ? "" : " off"}${alone ? " alone" : ""}`}
      role="group"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys move it.
      tabIndex={0}
      aria-label={say.call.moveSelf}
      {...handlers}
    >
      <video
        ref={video}
        class={call.media.screen ? "whole" : isFacingAway(call) ? "" : "mirrored"}
        data-testid="local-video"
        autoplay
        playsInline
        muted
      />
      {!shows && (
        <span class="self-off">
          <Icon name="videoOff" size={22} />
          <span class="small">{say.call.you}</span>
        </span>
      )}
      {call.media.video && !call.media.screen && <FlipButton session={session} />}
    </div>
  );
}

/** A camera on the far side of a phone shows the world, which a mirror would turn around. */
function isFacingAway(call: Call): boolean {
  return call.localStream?.getVideoTracks()[0]?.getSettings().facingMode === "environment";
}

/** Goes on to the next camera, where there are several. */
function FlipButton({ session }: { readonly session: CallSession }) {
  const cameras = (useDevices() ?? []).filter(({ kind, deviceId }) => kind === "videoinput" && deviceId !== "");
  if (cameras.length < 2) return null;
  const flip = () => {
    const at = cameras.findIndex(({ deviceId }) => deviceId === session.call.deviceIds.videoinput);
    const next = cameras[(at + 1) % cameras.length];
    if (next) void session.pickDevice("videoinput", next.deviceId);
  };
  return (
    <button
      type="button"
      class="self-flip"
      data-testid="flip"
      aria-label={say.call.flip}
      title={say.call.flip}
      onClick={flip}
      // A press of the button drags nothing.
      onPointerDown={(event) => event.stopPropagation()}
    >
      <Icon name="flip" size={18} />
    </button>
  );
}

function useCorner() {
  const [corner, setCorner] = useState<Corner>({ block: "start", inline: "end" });
  const frame = useRef<HTMLDivElement>(null);
  const grip = useRef<{ x: number; y: number } | undefined>(undefined);
  const rightToLeft = () => document.documentElement.dir === "rtl";

  const handlers = {
    onKeyDown(event: KeyboardEvent) {
      const left = event.key === "ArrowLeft";
      const sideways = left || event.key === "ArrowRight";
      const move = sideways ? ({ inline: left === rightToLeft() ? "end" : "start" } as const) : keyMoves[event.key];
      if (!move) return;
      event.preventDefault();
      setCorner({ ...corner, ...move });
    },
    onPointerDown(event: PointerEvent) {
      grip.current = { x: event.clientX, y: event.clientY };
      frame.current?.setPointerCapture(event.pointerId);
    },
    onPointerMove(event: PointerEvent) {
      const start = grip.current;
      if (!start || !frame.current) return;
      const [dx, dy] = [event.clientX - start.x, event.clientY - start.y];
      if (Math.hypot(dx, dy) > dragStartsAtPx) frame.current.style.transform = `translate(${dx}px, ${dy}px)`;
    },
    onPointerUp() {
      const element = frame.current;
      const stage = element?.parentElement?.getBoundingClientRect();
      if (grip.current && element?.style.transform && stage) {
        const at = element.getBoundingClientRect();
        const right = at.left + at.width / 2 > stage.left + stage.width / 2;
        const low = at.top + at.height / 2 > stage.top + stage.height / 2;
        setCorner({ block: low ? "end" : "start", inline: right === rightToLeft() ? "start" : "end" });
        element.style.transform = "";
      }
      grip.current = undefined;
    },
  };
  return { frame, corner, handlers };
}
