import type { ServerFacts } from "./server-facts.ts";

/**
 * Whether two clients are on one network, by the addresses that they come from: the same one, as behind one router, or
 * neighbours where addresses are private. Of an address in each family nothing follows.
 */
export function sameNetwork(one: string | undefined, other: string | undefined): Pick<ServerFacts, "sameNetwork"> {
  if (one === undefined || other === undefined || one.includes(":") !== other.includes(":")) return {};
  return { sameNetwork: networkOf(one) === networkOf(other) };
}

const privateRange = /^(10|127|169\.254|172\.(1[6-9]|2\d|3[01])|192\.168)\./;

function networkOf(address: string): string {
  if (address.includes(":")) return prefix64(address);
  return privateRange.test(address) ? address.slice(0, address.lastIndexOf(".")) : address;
}

/** The first four groups: what one household or company has. */
function prefix64(address: string): string {
  const [head = "", tail] = address.split("::");
  const groups = head === "" ? [] : head.split(":");
  const after = tail === undefined || tail === "" ? [] : tail.split(":");
  const whole =
    tail === undefined ? groups : [...groups, ...Array(8 - groups.length - after.length).fill("0"), ...after];
  return whole
    .slice(0, 4)
    .map((group) => Number.parseInt(group || "0", 16))
    .join(":");
}
