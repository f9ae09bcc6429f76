import type { CallSession } from "../../calls/call-session.ts";
import { count } from "../../format/format.ts";
import { say } from "../../i18n/say.ts";
import { useCell } from "../../state/cell.ts";
import { Icon, type IconName } from "../basics/icon.tsx";

interface ControlsProps {
  readonly session: CallSession;
  readonly chatOpen: boolean;
  readonly devicesOpen: boolean;
  readonly onChat: () => void;
  readonly onDevices: () => void;
}

/** Everything that can be done in a call; what is off or open looks pressed. */
export function CallControls({ session, chatOpen, devicesOpen, onChat, onDevices }: ControlsProps) {
  const { call } = session;
  const unread = useCell(session.unread);
  const { audio, video, screen } = call.media;
  const answered = call.state === "connected" || call.state === "reconnecting";
  const attempt = (action: () => Promise<void>) => void session.attempt(action);
  return (
    <div class="call-controls" role="toolbar" aria-label={say.call.controls}>
      <Control
        icon={audio ? "mic" : "micOff"}
        label={audio ? say.call.mute : say.call.unmute}
        active={!audio}
        hook="mute"
        onClick={() => attempt(() => call.setAudio(!audio))}
      />
      <Control
        icon={video ? "video" : "videoOff"}
        label={video ? say.call.cameraOff : say.call.cameraOn}
        active={!video}
        hook="camera"
        onClick={() => attempt(() => call.setVideo(!video))}
      />
      {canShare() && (
        <Control
          icon={screen ? "screenOff" : "screen"}
          label={screen ? say.call.stopSharing : say.call.share}
          active={screen}
          hook="screen"
          disabled={!answered}
          onClick={() => attempt(() => call.shareScreen(!screen))}
        />
      )}
      <Control
        icon="sliders"
        label={say.call.devices}
        active={devicesOpen}
        expands
        hook="devices"
        onClick={onDevices}
      />
      <Control
        icon="chat"
        label={unread > 0 ? `${say.call.chat}, ${say.chat.unread(count(unread))}` : say.call.chat}
        active={chatOpen}
        expands
        hook="chat"
        badge={unread}
        onClick={onChat}
      />
      <HangUp onClick={() => call.hangUp()} />
    </div>
  );
}

function HangUp({ onClick }: { readonly onClick: () => void }) {
  return (
    <button
      type="button"
      class="control hang-up"
      data-testid="hangup"
      aria-label={say.call.hangup}
      title={say.call.hangup}
      onClick={onClick}
    >
      <Icon name="phone" size={26} class="hung-up" />
    </button>
  );
}

/** Browsers of phones have no way to share the screen, and none is offered there. */
function canShare(): boolean {
  return typeof navigator.mediaDevices?.getDisplayMedia === "function";
}

interface ControlProps {
  readonly icon: IconName;
  readonly label: string;
  readonly active: boolean;
  readonly hook: string;
  /** Opens something rather than switching it. */
  readonly expands?: boolean;
  readonly disabled?: boolean;
  readonly badge?: number;
  readonly onClick: () => void;
}

/** The label says what a press does, so that no pressed state is needed besides; what opens says whether it is open. */
function Control({ icon, label, active, hook, expands = false, disabled = false, badge = 0, onClick }: ControlProps) {
  return (
    <button
      type="button"
      class={`control${active ? " active" : ""}`}
      data-testid={hook}
      aria-label={label}
      title={label}
      aria-expanded={expands ? active : undefined}
      disabled={disabled}
      onClick={onClick}
    >
      <Icon name={icon} size={24} />
      {badge > 0 && <span class="control-badge figures">{count(badge)}</span>}
    </button>
  );
}
