import type { AppSession } from "../state/app-session.ts";
import { Notifications } from "./notifications.ts";

/** Begins to ring while the page is closed, where its user wants that; ends with the function that is returned. */
export function ringWhileClosed(appSession: AppSession): () => void {
  const rings = new Notifications(appSession);
  appSession.closedRings.set(rings);
  void rings.start();
  return () => rings.stop();
}
