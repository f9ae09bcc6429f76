import ipaddr from "ipaddr.js";
import { isOpenToSome } from "../access/open-to-some.ts";
import type { AccountsSettings } from "../accounts-settings.ts";
import type { MachineFacts } from "./machine.ts";

/** Which host names are this server's. */
export interface OwnHosts {
  /**
   * Whether a request with this `Host` may be meant for this server. A page of another site can have its own name
   * resolve to this server's address (DNS rebinding), and its visitor's browser then takes the server for that site.
   * Asked before anything else, so that such a request changes nothing and learns nothing.
   */
  isOwn(host: string | undefined): boolean;
}

type HostConfig = Pick<AccountsSettings, "host" | "hosts" | "publicUrl" | "production" | "openAccess" | "legacyJoin">;

/** `certifies` tells whether the certificate in use is good for a name. */
export function createOwnHosts(
  config: HostConfig,
  machine: Pick<MachineFacts, "hostname">,
  certifies: (name: string) => boolean,
): OwnHosts {
  const more = [
    config.host.toLowerCase(),
    ...(config.publicUrl === undefined ? [] : [new URL(config.publicUrl).hostname]),
  ];
  const names = new Set([...localNames(machine), ...config.hosts, ...more]);
  const takesAny = takesAnyName(config);
  return {
    isOwn(host) {
      // HTTP/1.0 need not name a host, but every browser does; without it Node refuses HTTP/1.1 by itself.
      if (host === undefined) return true;
      const name = hostName(host);
      if (name === "") return false;
      return takesAny || ipaddr.isValid(name) || names.has(name) || certifies(name);
    },
  };
}

/**
 * In production with no name given any name will do: no client gets in there without a token or a proof, wherever it
 * comes from, so that a page gains nothing by rebinding. That ends where a setting lets clients in without one.
 */
function takesAnyName(config: HostConfig): boolean {
  return config.production && config.publicUrl === undefined && config.hosts.length === 0 && !isOpenToSome(config);
}

/** The names that a machine has by itself. */
export function localNames({ hostname }: Pick<MachineFacts, "hostname">): readonly string[] {
  return ["localhost", hostname, `${hostname}.local`];
}

/** The Host header without its port; an IPv6 address without its brackets. Empty where it is none. */
export function hostName(host: string): string {
  // Whatever else an address may have in it, such as a user or a path, has no place in this header.
  if (/[@/?#\\\s]/.test(host) || !URL.canParse(`http://${host}`)) return "";
  return new URL(`http://${host}`).hostname.replace(/^\[(.*)\]$/, "$1");
}
