import type { DeviceChange } from "@echoo/client";
import type { CallSession } from "../../calls/call-session.ts";
import { say } from "../../i18n/say.ts";
import { useCell } from "../../state/cell.ts";
import { Icon } from "../basics/icon.tsx";

interface DeviceNewsProps {
  readonly session: CallSession;
  readonly name: string;
}

/** What became of a microphone, camera or screen by itself, and the one press that brings it back. */
export function DeviceNews({ session, name }: DeviceNewsProps) {
  const news = useCell(session.deviceNews);
  return (
    <div role="status" class="device-news">
      {[...news.values()].map((change) => (
        <News key={change.device} session={session} name={name} change={change} />
      ))}
    </div>
  );
}

function News({ session, name, change }: DeviceNewsProps & { readonly change: DeviceChange }) {
  const { device } = change;
  const isOff = change.change !== "replaced";
  const forget = () => session.forgetNews(device);
  return (
    <div class={`note${isOff ? "" : " calm"}`} data-testid="device-news">
      <Icon name={isOff ? "alert" : "info"} size={20} />
      <div>{wordsOf(change, name)}</div>
      {isOff && (
        <button
          type="button"
          class="link-button"
          data-testid="device-again"
          onClick={() => void again(session, change)}
        >
          {say.call.bringBack[device]}
        </button>
      )}
      <button type="button" class="icon-button tiny" aria-label={say.close} onClick={forget}>
        <Icon name="close" size={18} />
      </button>
    </div>
  );
}

function wordsOf({ device, change, label }: DeviceChange, name: string): string {
  const words = say.call.device[device];
  switch (change) {
    case "replaced":
      return words.replaced(label || say.call.defaultDevice);
    case "lost":
      return words.lost(name);
    case "interrupted":
      return words.interrupted(name);
    case "silent":
    case "returned":
      return say.call.silentMicrophone(name);
  }
}

/** Opens it anew, or another one where it is gone. */
function again(session: CallSession, { device, change }: DeviceChange): Promise<void> {
  const { call } = session;
  const { audioinput } = call.deviceIds;
  if (change === "silent" && audioinput) return session.pickDevice("audioinput", audioinput);
  return session.attempt(() => {
    if (device === "screen") return call.shareScreen(true);
    return device === "camera" ? call.setVideo(true) : call.setAudio(true);
  });
}
