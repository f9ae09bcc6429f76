import type { OwnToken } from "@echoo/protocol";
import { useId } from "preact/hooks";
import { ago, longWhen } from "../../format/format.ts";
import { sayDevices } from "../../i18n/en-own-devices.ts";
import { now } from "../../platform.ts";
import { deviceLabel } from "../../state/signed-in-devices.ts";
import { Icon } from "../basics/icon.tsx";
import { Spinner } from "../basics/spinner.tsx";

/** Among the systems that this page names devices by; an app's own names are often a model's. */
const handheld = /Android|iPhone|iPad/;

interface DeviceRowProps {
  readonly session: OwnToken;
  /** It is being signed out. */
  readonly ending: boolean;
  readonly onEnd: () => void;
}

/** One device: which, when it was used, and a way to sign it out; this one goes by the account's own menu. */
export function DeviceRow({ session, ending, onEnd }: DeviceRowProps) {
  const id = useId();
  const label = deviceLabel(session);
  return (
    <li class="device" data-testid="device">
      <Icon name={handheld.test(label) ? "mobile" : "computer"} class="device-icon" />
      <div class="device-text">
        <p class="device-name">
          {label} {session.current && <span class="device-current">{sayDevices.current}</span>}
        </p>
        <p class="small soft figures" id={id}>
          {!session.current && (
            <>
              {sayDevices.lastUsed(ago(Date.parse(session.lastUsedAt), now()))}
              <br />
            </>
          )}
          {sayDevices.since(longWhen(Date.parse(session.createdAt)))}
        </p>
      </div>
      {!session.current && (
        <button
          type="button"
          class="button compact"
          data-testid="device-end"
          aria-label={sayDevices.endNamed(label)}
          aria-describedby={id}
          aria-disabled={ending}
          onClick={onEnd}
        >
          {ending && <Spinner />}
          {sayDevices.end}
        </button>
      )}
    </li>
  );
}
