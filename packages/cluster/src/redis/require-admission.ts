import type { Clock, Instant, NodeId, Steady } from "@echoo/core";
import { openRedis } from "./open-redis.ts";
import { RedisScripts } from "./redis-scripts.ts";
import type { RedisPlace } from "./redis-store.ts";
import { RedisRefused, requireUsable } from "./require-usable.ts";

const lookEveryMs = 1_000;

export interface AdmissionRequest {
  readonly place: RedisPlace;
  readonly clock: Pick<Clock, "steady" | "after">;
  readonly nodeLostMs: number;
  /** A hash. */
  readonly secret: string;
  /** Settings that must be the same on all nodes, by their names, as JSON. */
  readonly config: string;
  /** The process before this one, which is known to be no more. */
  readonly formerBoot: NodeId | undefined;
}

export interface Admission {
  /** What is odd about the server. */
  readonly warnings: readonly string[];
  /** Its clock, and when it was asked and answered. */
  readonly measured: readonly [storeMs: Instant, askedAtMs: Steady, answeredAtMs: Steady];
}

/**
 * Looks, before a node starts, whether it may be one of those that run: rejects with `RedisRefused` where the server is
 * of no use, or the others have other rules. Others that died without a word are waited for and buried here, or the
 * rules of a system that was stopped as a whole could never be changed.
 */
export async function requireAdmission(request: AdmissionRequest): Promise<Admission> {
  const { place, clock, nodeLostMs, secret, config, formerBoot } = request;
  const connection = await openRedis(place.address, () => {});
  try {
    const warnings = await requireUsable(connection.command);
    const scripts = new RedisScripts(place.prefix, connection.command);
    if (formerBoot !== undefined) await scripts.bury("", formerBoot, "own");
    const nodes = async () => asRecord(await connection.command(["HGETALL", `${place.prefix}nodes`]));
    const difference = async () => {
      const era = asRecord(await connection.command(["HGETALL", `${place.prefix}era`]));
      return differenceOf({ secret, config }, era);
    };
    const first = await nodes();
    let differs = await difference();
    for (let waitedMs = 0; differs !== undefined && Object.keys(await nodes()).length > 0; waitedMs += lookEveryMs) {
      const now = await nodes();
      if (Object.entries(now).some(([node, beats]) => first[node] !== beats)) throw new RedisRefused(differs);
      if (waitedMs >= nodeLostMs) {
        for (const [node, beats] of Object.entries(now)) await scripts.bury("", node, Number(beats));
      }
      await new Promise<void>((resolve) => void clock.after(lookEveryMs, resolve));
      differs = await difference();
    }
    const askedAtMs = clock.steady();
    const [seconds, micros] = (await connection.command(["TIME"])) as [string, string];
    const storeMs = Number(seconds) * 1_000 + Math.floor(Number(micros) / 1_000);
    return { warnings, measured: [storeMs, askedAtMs, clock.steady()] };
  } finally {
    connection.close();
  }
}

/** A list of names and values, or an object of them in the newer protocol. */
function asRecord(reply: unknown): Readonly<Record<string, string>> {
  if (!Array.isArray(reply)) return { ...(reply as Record<string, string>) };
  const record: Record<string, string> = {};
  for (let at = 0; at < reply.length; at += 2) record[String(reply[at])] = String(reply[at + 1]);
  return record;
}

function differenceOf(
  own: { readonly secret: string; readonly config: string },
  era: Readonly<Record<string, string>>,
): string | undefined {
  if (era.secret !== undefined && era.secret !== own.secret) {
    return "ECHOO_SECRET is not that of the nodes that run: set the same one on all of them, or another ECHOO_REDIS_PREFIX";
  }
  if (era.config === undefined || era.config === own.config) return undefined;
  const [here, there] = [own.config, era.config].map((text) => JSON.parse(text) as Record<string, unknown>);
  const names = Object.keys({ ...here, ...there }).filter((name) => here?.[name] !== there?.[name]);
  const shown = names.map((name) => `${name} (${here?.[name]} here, ${there?.[name]} there)`).join(", ");
  return `${shown}: the nodes that run have another value; set the same one on all of them, or stop them all first`;
}
