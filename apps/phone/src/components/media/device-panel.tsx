import type { ComponentChildren, RefObject } from "preact";
import { useId, useRef } from "preact/hooks";
import type { CallSession } from "../../calls/call-session.ts";
import { count } from "../../format/format.ts";
import { say } from "../../i18n/say.ts";
import { Icon } from "../basics/icon.tsx";
import { useStream } from "../call/remote-view.tsx";
import { LevelMeter } from "./level-meter.tsx";
import { useDevices } from "./use-devices.ts";

interface DevicePanelProps {
  readonly session: CallSession;
  readonly remote: RefObject<HTMLVideoElement | null>;
  readonly onClose: () => void;
  /** What else can be set about the call. */
  readonly children?: ComponentChildren;
}

/** Which microphone, camera and speaker the call uses, and that they work; each can be changed while it goes on. */
export function DevicePanel({ session, remote, onClose, children }: DevicePanelProps) {
  const devices = useDevices();
  const { call } = session;
  const pick = (kind: "audioinput" | "videoinput") => (id: string) => void session.pickDevice(kind, id);
  const speaker = remote.current;
  return (
    <section class="popover devices" aria-label={say.call.devices} data-testid="device-panel">
      <header class="panel-head">
        <h2>{say.call.devices}</h2>
        <button type="button" class="icon-button" aria-label={say.close} onClick={onClose}>
          <Icon name="close" size={20} />
        </button>
      </header>
      <Preview session={session} />
      <Picker
        label={say.call.microphone}
        kind="audioinput"
        devices={devices}
        used={call.deviceIds.audioinput}
        onPick={pick("audioinput")}
      />
      <LevelMeter track={call.localStream?.getAudioTracks()[0]} />
      <Picker
        label={say.call.camera}
        kind="videoinput"
        devices={devices}
        used={call.deviceIds.videoinput}
        onPick={pick("videoinput")}
      />
      {speaker && "setSinkId" in speaker && (
        <Picker
          label={say.call.speaker}
          kind="audiooutput"
          devices={devices}
          used={speaker.sinkId || "default"}
          onPick={(id) => void session.attempt(() => speaker.setSinkId(id))}
        />
      )}
      {children}
    </section>
  );
}

/** What the other side sees; in words where that is nothing, or not the camera. */
function Preview({ session }: { readonly session: CallSession }) {
  const { media, localStream } = session.call;
  const video = useRef<HTMLVideoElement>(null);
  const shows = media.video || media.screen;
  useStream(video, localStream);
  return (
    <div class="preview">
      <video
        ref={video}
        class={`${media.screen ? "whole" : "mirrored"}${shows ? "" : " off"}`}
        data-testid="preview"
        aria-label={say.call.preview}
        autoplay
        playsInline
        muted
      />
      {!shows && <p class="small soft">{say.call.cameraIsOff}</p>}
      {media.screen && <p class="chip preview-note">{say.call.youSend}</p>}
    </div>
  );
}

interface PickerProps {
  readonly label: string;
  readonly kind: MediaDeviceKind;
  readonly devices: readonly MediaDeviceInfo[] | undefined;
  readonly used: string | undefined;
  readonly onPick: (deviceId: string) => void;
}

function Picker({ label, kind, devices, used, onPick }: PickerProps) {
  const id = useId();
  const choices = (devices ?? []).filter((device) => device.kind === kind && device.deviceId !== "");
  const isKnown = choices.some((device) => device.deviceId === used);
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select
        id={id}
        class="input"
        disabled={choices.length === 0}
        onChange={(event) => onPick(event.currentTarget.value)}
      >
        {choices.length === 0 && <option>{devices ? say.call.noDevices : say.loading}</option>}
        {/* None of them is open: choosing one opens it. */}
        {choices.length > 0 && !isKnown && (
          <option value="" disabled selected>
            {say.call.choose}
          </option>
        )}
        {choices.map((device, index) => (
          <option key={device.deviceId} value={device.deviceId} selected={device.deviceId === used}>
            {device.label || say.call.unnamedDevice(label, count(index + 1))}
          </option>
        ))}
      </select>
    </div>
  );
}
