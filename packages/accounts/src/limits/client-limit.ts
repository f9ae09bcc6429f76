import { type ClientAddress, countKey, crowdFactor } from "../addresses/client-address.ts";
import type { LimitRule, MakeLimit } from "./limit.ts";
import type { Counted } from "./take-all.ts";

/** By the address of clients. Those whom no proxy tells apart have a count of their own, and more room in it. */
export type ClientLimit = (client: ClientAddress) => Counted;

export function createClientLimit(makeLimit: MakeLimit, rule: LimitRule): ClientLimit {
  const own = makeLimit(rule);
  const crowd = makeLimit({ ...rule, name: `${rule.name}:crowd`, max: rule.max * crowdFactor });
  return (client) => ({ limit: client.unknown === undefined ? own : crowd, key: countKey(client) });
}
