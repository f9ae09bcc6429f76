import { type Clock, type Instant, type PushDevice, type PushOrder, type Store, StoreUnavailable } from "@echoo/core";
import { isNameShown } from "@echoo/protocol";
import type { PushContent, PushMessage } from "./push-sender.ts";
import { deviceEndSentence } from "./push-sentences.ts";
import type { RingTickets } from "./ring-tickets.ts";

/** Whose devices are told who calls: `web` alone, whose pushes nobody can read on their way, all, or none. */
export type PushNames = "web" | "all" | "off";

interface ContentDeps {
  readonly store: Pick<Store, "calls" | "contacts" | "users">;
  readonly clock: Pick<Clock, "now">;
  readonly tickets: RingTickets;
  readonly names: PushNames;
}

/** Calls of one caller that are looked through to count those that were missed. */
const countedMax = 50;
const missedTtlSec = 24 * 3600;
/** A device that comes back later than that has nothing on its screen to be taken away. */
const overTtlSec = 120;

/** What a device is told; `seen` where its user knows already, `early` where the call is not stored yet. */
export async function messageFor(
  deps: ContentDeps,
  order: PushOrder,
  device: PushDevice,
): Promise<PushMessage | "seen" | "early"> {
  const name = await nameFor(deps, order);
  const isNamed = deps.names === "all" || (deps.names === "web" && device.platform === "web");
  const from = isNamed ? { from: { phone: order.caller, displayName: name }, isVideo: order.isVideo } : {};
  const nowMs = deps.clock.now();
  if (order.kind === "ring") {
    const { callId, endsAtMs } = order;
    const ticket = deps.tickets.issue(callId, order.device, endsAtMs);
    const content: PushContent = { kind: "ring", callId, ticket, endsAt: endsAtMs, ...from };
    return timed(content, isNamed ? name : undefined, Math.max(1, Math.ceil((endsAtMs - nowMs) / 1000)), nowMs);
  }
  const { callId, reason, missed, rang } = order;
  const content: PushContent = { kind: "stop", callId, reason, missed, ...from };
  if (!missed) return timed(content, isNamed ? name : undefined, overTtlSec, nowMs);
  const counted = await countMissed(deps, order);
  if (counted === "early") return "early";
  if (counted.isSeen && !rang) return "seen";
  const { count, unseenMissed } = counted;
  return timed(
    { ...content, count: Math.max(1, count), unseenMissed },
    isNamed ? name : undefined,
    missedTtlSec,
    nowMs,
  );
}

function timed(content: PushContent, name: string | undefined, ttlSec: number, nowMs: Instant): PushMessage {
  const { title, body } = deviceEndSentence(content, name);
  return { content, title, body, ttlSec, expiresAtSec: Math.floor(nowMs / 1000) + ttlSec };
}

/** The callee's own name for a caller wins. A database that is away keeps nobody from ringing. */
async function nameFor({ store }: ContentDeps, { callee, caller, callerName }: PushOrder): Promise<string> {
  const contacts = await store.contacts.list(callee).catch(orNothing);
  const own = contacts?.find(({ contact }) => contact === caller)?.name;
  if (own || callerName) return own || callerName || caller;
  const user = await store.users.find(caller).catch(orNothing);
  return user?.displayName && isNameShown(user.displayName) ? user.displayName : caller;
}

interface Missed {
  readonly isSeen: boolean;
  readonly count: number;
  readonly unseenMissed: number;
}

async function countMissed({ store }: ContentDeps, order: PushOrder): Promise<Missed | "early"> {
  const { callee, caller, callId } = order;
  const query = { viewer: callee, limit: countedMax, direction: "incoming", status: "missed" } as const;
  const [page, unseenMissed] = await Promise.all([store.calls.page(query), store.calls.unseenMissed(callee)]);
  const own = page.calls.find(({ call }) => call.callId === callId);
  if (!own && (await store.calls.find(callId)) === undefined) return "early";
  const unseen = page.calls.filter(({ call, seen }) => call.caller === caller && !seen);
  return { isSeen: own?.seen ?? true, count: unseen.length, unseenMissed };
}

function orNothing(error: unknown): undefined {
  if (!(error instanceof StoreUnavailable)) throw error;
}
