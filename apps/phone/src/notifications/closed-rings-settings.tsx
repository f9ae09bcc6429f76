import type { PushDeviceBody } from "@echoo/protocol";
import { useEffect } from "preact/hooks";
import { Problem } from "../components/basics/problem.tsx";
import { sayClosedRings, sayDevices } from "../i18n/en-own-devices.ts";
import { useCell } from "../state/cell.ts";
import type { ClosedRings, ClosedRingsState } from "../state/closed-rings.ts";

/** Whether this browser rings while the page is closed, and which devices do. */
export function ClosedRingsSettings({ rings }: { readonly rings: ClosedRings }) {
  const state = useCell(rings.state);
  const problem = useCell(rings.problem);
  const devices = useCell(rings.devices);
  useEffect(() => void rings.readDevices(), [rings]);
  return (
    <section aria-labelledby="closed-rings-heading">
      <h2 id="closed-rings-heading">{sayClosedRings.heading}</h2>
      <p class="soft" data-testid="notifications-state">
        {sayClosedRings.states[state]}
      </p>
      <Problem text={problem} />
      <Switch rings={rings} state={state} />
      {devices !== undefined && devices.length > 0 && (
        <ul class="device-list" data-testid="push-devices">
          {devices.map((device) => (
            <Device key={device.deviceId} device={device} onRemove={() => void rings.remove(device.deviceId)} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Switch({ rings, state }: { readonly rings: ClosedRings; readonly state: ClosedRingsState }) {
  if (state === "off") {
    return (
      <button type="button" class="button" data-testid="notifications-on" onClick={() => void rings.turnOn()}>
        {sayClosedRings.turnOn}
      </button>
    );
  }
  return state === "on" ? (
    <button type="button" class="button" data-testid="notifications-off" onClick={() => void rings.turnOff()}>
      {sayClosedRings.turnOff}
    </button>
  ) : null;
}

function Device({ device, onRemove }: { readonly device: PushDeviceBody; readonly onRemove: () => void }) {
  const name = device.name ?? sayDevices.unnamed;
  return (
    <li class="device" data-testid="push-device">
      <div class="device-text">
        <p class="device-name">{name}</p>
      </div>
      <button type="button" class="button compact" aria-label={sayClosedRings.removeNamed(name)} onClick={onRemove}>
        {sayClosedRings.remove}
      </button>
    </li>
  );
}
