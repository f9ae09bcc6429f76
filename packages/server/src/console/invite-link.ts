import { networkAddresses } from "@echoo/accounts";
import type { Instant } from "@echoo/core";
import type { Config } from "../config/read-config.ts";
import { terminalQr } from "./terminal-qr.ts";

type LinkConfig = Pick<Config, "publicUrl" | "host" | "tlsCert">;

/**
 * The address of the web phone that carries an invitation: the public one, or else this machine's likeliest, for
 * the invited person mostly sits at another.
 */
export function inviteLink(token: string, config: LinkConfig, port: number): string {
  return `${config.publicUrl ?? ownUrl(config, port)}/?invite=${token}`;
}

function ownUrl({ host, tlsCert }: LinkConfig, port: number): string {
  const isEverywhere = host === "0.0.0.0" || host === "::";
  const name = isEverywhere ? (networkAddresses()[0] ?? "127.0.0.1") : host;
  return `${tlsCert === undefined ? "http" : "https"}://${name.includes(":") ? `[${name}]` : name}:${port}`;
}

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
