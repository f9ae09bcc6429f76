import type { CallController } from "../calls/call-controller.ts";
import type { CallSession } from "../calls/call-session.ts";
import { clock } from "../format/format.ts";
import { every } from "../platform.ts";

/**
 * What a system offers during a call besides the page: keys on a headset, a screen that stays on for a picture, and a
 * tab's title that says how long it goes.
 */
export function followComforts(controller: CallController): () => void {
  let stop = () => {};
  const follow = (session: CallSession | undefined) => {
    stop();
    stop = session ? comfortsOf(session) : () => {};
  };
  follow(controller.current.value);
  const unsubscribe = controller.current.subscribe(follow);
  return () => {
    unsubscribe();
    stop();
  };
}

const actions = ["hangup", "togglemicrophone"] as const;

function comfortsOf(session: CallSession): () => void {
  const { call } = session;
  let lock: Promise<WakeLockSentinel | undefined> | undefined;
  const release = () => {
    void lock?.then((held) => held?.release());
    lock = undefined;
  };
  const goes = () => call.startedAtMs !== undefined && call.state !== "ended";
  const timed = titleWithTimer(() => (goes() ? call.durationMs : undefined));
  const changed = () => {
    const isOn = goes();
    setKey("hangup", isOn ? () => call.hangUp() : null);
    setKey("togglemicrophone", isOn ? () => void session.attempt(() => call.setAudio(!call.media.audio)) : null);
    const { mediaSession } = navigator as { mediaSession?: { setMicrophoneActive?(active: boolean): void } };
    if (isOn) mediaSession?.setMicrophoneActive?.(call.media.audio);
    if (isOn && call.isVideo) lock ??= navigator.wakeLock?.request("screen").catch(() => undefined);
    else release();
  };
  changed();
  const unsubscribe = session.changes.subscribe(changed);
  return () => {
    unsubscribe();
    timed();
    release();
    for (const action of actions) setKey(action, null);
  };
}

/** The page gives the title its words; the time comes before them, each second, for as long as the call goes. */
function titleWithTimer(durationMs: () => number | undefined): () => void {
  let shown = "";
  const words = () => (document.title.startsWith(shown) ? document.title.slice(shown.length) : document.title);
  const tick = () => {
    const ms = durationMs();
    const next = ms === undefined ? "" : `${clock(ms)} · `;
    document.title = next + words();
    shown = next;
  };
  const stop = every(1000, tick);
  return () => {
    stop();
    document.title = words();
  };
}

/** A browser that does not know a key says so by throwing. */
function setKey(action: (typeof actions)[number], run: (() => void) | null): void {
  try {
    navigator.mediaSession?.setActionHandler(action as MediaSessionAction, run);
  } catch {
    // It has no such key.
  }
}
