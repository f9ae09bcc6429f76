import { Cell } from "./cell.ts";

/** Where an administrator makes invitations. */
export const inviteLink = "#/invite";

/** Where users see on which devices they are signed in. */
export const devicesLink = "#/devices";

export type Route =
  | { readonly page: "home" | "invite" | "devices" }
  | { readonly page: "details"; readonly callId: string };

function parse(hash: string): Route {
  if (hash === inviteLink) return { page: "invite" };
  if (hash === devicesLink) return { page: "devices" };
  const callId = /^#\/calls\/([^/]+)$/.exec(hash)?.[1];
  const decoded = callId === undefined ? undefined : decode(callId);
  return decoded === undefined ? { page: "home" } : { page: "details", callId: decoded };
}

/** Undefined where an address was cut within an escape, or never was one of this page. */
function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** Where the page is, kept in the address so that the browser's back button works. */
export const route = new Cell<Route>(parse(location.hash));

addEventListener("hashchange", () => route.set(parse(location.hash)));

export const detailsLink = (callId: string): string => `#/calls/${encodeURIComponent(callId)}`;

/** Leaves the details: back in the history where they were opened from here, else straight home. */
export function goHome(): void {
  if (route.value.page !== "home") location.hash = "#/";
}
