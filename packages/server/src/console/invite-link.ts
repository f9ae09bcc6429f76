import type { Instant } from "@echoo/core";
import { terminalQr } from "./terminal-qr.ts";

/** Opens the web phone at this address of the server with an invitation. */
export const inviteLink = (address: string, token: string): string => `${address}/?invite=${token}`;

/** The link as a picture for a phone's camera, and how long it is good for. */
export function describeLink(link: string, expiresAtMs: Instant, isTerminal: boolean): readonly string[] {
  const time = { hour: "2-digit", minute: "2-digit", timeZoneName: "short" } as const;
  const until = new Intl.DateTimeFormat("en-GB", time).format(new Date(expiresAtMs));
  return [...terminalQr(link, isTerminal), "", `It works once, until ${until}.`];
}

/** What the first start of a closed server says to the operator. */
export function describeFirstInvitation(link: string, expiresAtMs: Instant, isTerminal: boolean): string {
  return [
    "  Nobody is administrator yet. Open this link, or scan the code, and enter your own number:",
    "",
    `    ${link}`,
    "",
    ...describeLink(link, expiresAtMs, isTerminal).map((line) => `    ${line}`),
    "    Later: restart the server for another one, or run `npx echoo invite --admin`.",
    "",
  ].join("\n");
}
