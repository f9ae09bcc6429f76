import { useEffect } from "preact/hooks";
import { graphs } from "../components/quality/late-graphs.tsx";
import { say } from "../i18n/say.ts";
import { LatePart } from "../late/late-part.ts";
import { lateScreen } from "../late/late-screen.tsx";
import { savesData, whenIdle } from "../platform.ts";
import type { AppSession } from "../state/app-session.ts";
import { useCell } from "../state/cell.ts";
import type { Phone } from "../state/phone.ts";

// What a visitor does not need to sign in, to see who is there, and to call. A call itself waits for no script.
const details = new LatePart(() => import("./call-details.tsx").then((screen) => screen.CallDetails));
const ownDevices = () => import("../late/own-devices.ts");
const devices = new LatePart(() => ownDevices().then((part) => part.Devices));
const invite = new LatePart(() => import("./invite.tsx").then((screen) => screen.Invite));

const closedRings = new LatePart(() => ownDevices().then((part) => part.ringWhileClosed));

export const LateCallDetails = lateScreen(details, () => say.details.heading);
export const LateDevices = lateScreen(devices, () => say.devices.heading);
export const LateInvite = lateScreen(invite, () => say.invite.heading);

/** Rings while the page is closed, once the script for it is there. */
export function useClosedRings({ keeper }: Phone, appSession: AppSession): void {
  const { part } = useCell(closedRings.view);
  // A tab of another person's is no device of its own: the browser has one subscription.
  useEffect(() => (keeper.as === undefined ? part?.(appSession) : undefined), [part, appSession, keeper.as]);
}

/** Has the screens at hand before they are opened, unless this person pays for every byte. */
export function useLateScreens(appSession: AppSession): void {
  const online = useCell(appSession.status) === "online";
  const isAdmin = useCell(appSession.isAdmin);
  useEffect(() => {
    if (!online || savesData()) return;
    return whenIdle(() => {
      for (const late of [closedRings, details, devices, graphs, ...(isAdmin ? [invite] : [])]) void late.fetch();
    });
  }, [online, isAdmin]);
}
