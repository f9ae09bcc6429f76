import type { CallController } from "../calls/call-controller.ts";
import type { CallSession } from "../calls/call-session.ts";

/** What a system offers during a call besides the page: keys on a headset, and a screen that stays on for a picture. */
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
  const changed = () => {
    const isOn = call.startedAtMs !== undefined && call.state !== "ended";
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
    release();
    for (const action of actions) setKey(action, null);
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
