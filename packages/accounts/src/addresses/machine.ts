import { existsSync } from "node:fs";
import { hostname, type NetworkInterfaceInfo, networkInterfaces } from "node:os";
import ipaddr from "ipaddr.js";

/** What open access must know of the machine it runs on. */
export interface MachineFacts {
  readonly hostname: string;
  /** Private networks of physical interfaces, as CIDRs. */
  readonly networks: readonly string[];
  /** In a container the network of the interface is the container engine's, and all clients come from its gateway. */
  readonly inContainer: boolean;
  readonly hasPublicAddress: boolean;
}

/** Interfaces of virtual machines, containers and tunnels, where the system does not tell which are physical. */
const virtualNames =
  /^(lo|docker|br-|veth|virbr|vmnet|vnic|vboxnet|bridge|utun|tun|tap|wg|zt|tailscale|vEthernet|VMware|VirtualBox|Tailscale|ZeroTier)/;

/** Reads the facts once, at the start. */
export function readMachine(): MachineFacts {
  const interfaces = Object.entries(networkInterfaces()).map(([name, all]) => ({ name, addresses: all ?? [] }));
  const physical = interfaces.filter(({ name }) => isPhysical(name)).flatMap(({ addresses }) => addresses);
  return {
    hostname: hostname().toLowerCase(),
    networks: physical.filter(isPrivate).flatMap(({ cidr }) => cidr ?? []),
    inContainer:
      existsSync("/.dockerenv") ||
      existsSync("/run/.containerenv") ||
      (process.env.KUBERNETES_SERVICE_HOST ?? "") !== "",
    hasPublicAddress: interfaces.some(({ addresses }) => addresses.some(isPublicIpv4)),
  };
}

/**
 * Addresses under which other machines may reach this one, IPv4 and those of private networks first: of interfaces
 * with hardware behind them, in a container as elsewhere, where its network is the machine's own.
 */
export function networkAddresses(): readonly string[] {
  const physical = Object.entries(networkInterfaces()).flatMap(([name, all]) => (isPhysical(name) ? (all ?? []) : []));
  const reachable = physical.filter((info) => !info.internal && rangeOf(info.address) !== "linkLocal");
  const rank = (info: NetworkInterfaceInfo) => (info.family === "IPv4" ? 0 : 2) + (isPrivate(info) ? 0 : 1);
  return reachable.sort((a, b) => rank(a) - rank(b)).map((info) => info.address);
}

/** Those of the machine's addresses on which a server with this HOST listens. */
export function listenedOn(host: string, own: readonly string[]): readonly string[] {
  if (host === "::") return own;
  return own.filter((address) => (host === "0.0.0.0" ? ipaddr.IPv4.isValid(address) : address === host));
}

function isPhysical(name: string): boolean {
  // Linux says so itself: an interface with hardware behind it has a device.
  if (process.platform === "linux") return existsSync(`/sys/class/net/${name}/device`);
  return !virtualNames.test(name);
}

function isPrivate(info: NetworkInterfaceInfo): boolean {
  const range = rangeOf(info.address);
  return !info.internal && (range === "private" || range === "uniqueLocal");
}

function isPublicIpv4(info: NetworkInterfaceInfo): boolean {
  return info.family === "IPv4" && rangeOf(info.address) === "unicast";
}

function rangeOf(address: string): string {
  const bare = address.replace(/%.*$/, "");
  return ipaddr.isValid(bare) ? ipaddr.process(bare).range() : "";
}
