import type { RefObject } from "preact";
import { useEffect, useId, useState } from "preact/hooks";
import type { CallSession } from "../../calls/call-session.ts";
import { count } from "../../format/format.ts";
import { say } from "../../i18n/say.ts";
import { Icon } from "../basics/icon.tsx";

interface DevicePanelProps {
  readonly session: CallSession;
  readonly remote: RefObject<HTMLVideoElement | null>;
  readonly onClose: () => void;
}

/** Which microphone, camera and speaker the call uses; each can be changed while it goes on. */
export function DevicePanel({ session, remote, onClose }: DevicePanelProps) {
  const devices = useDevices();
  const { call } = session;
  const usedBy = (kind: "audio" | "video") =>
    call.localStream
      ?.getTracks()
      .find((track) => track.kind === kind)
      ?.getSettings().deviceId;
  const pick = (kind: "audioinput" | "videoinput") => (id: string) => void session.pickDevice(kind, id);
  const speaker = remote.current;
  return (
    <section class="popover devices" aria-label={say.call.devices}>
      <header class="panel-head">
        <h2>{say.call.devices}</h2>
        <button type="button" class="icon-button" aria-label={say.close} onClick={onClose}>
          <Icon name="close" size={20} />
        </button>
      </header>
      <Picker
        label={say.call.microphone}
        kind="audioinput"
        devices={devices}
        used={usedBy("audio")}
        onPick={pick("audioinput")}
      />
      <Picker
        label={say.call.camera}
        kind="videoinput"
        devices={devices}
        used={usedBy("video")}
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
    </section>
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
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select
        id={id}
        class="input"
        value={used}
        disabled={choices.length === 0}
        onChange={(event) => onPick(event.currentTarget.value)}
      >
        {choices.length === 0 && <option>{devices ? say.call.noDevices : say.loading}</option>}
        {choices.map((device, index) => (
          <option key={device.deviceId} value={device.deviceId} selected={device.deviceId === used}>
            {device.label || say.call.unnamedDevice(label, count(index + 1))}
          </option>
        ))}
      </select>
    </div>
  );
}

/** The devices there are, read again when one is plugged in or out. */
function useDevices(): readonly MediaDeviceInfo[] | undefined {
  const [devices, setDevices] = useState<readonly MediaDeviceInfo[]>();
  useEffect(() => {
    const media = navigator.mediaDevices;
    if (!media) return;
    const read = () => void media.enumerateDevices().then(setDevices);
    read();
    media.addEventListener("devicechange", read);
    return () => media.removeEventListener("devicechange", read);
  }, []);
  return devices;
}
