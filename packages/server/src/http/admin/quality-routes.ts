import {
  type Clock,
  type Instant,
  type Pause,
  type QualityDimension,
  type QualityHour,
  type Store,
  sumHours,
} from "@echoo/core";
import type { AdminQuality, QueryOf } from "@echoo/protocol";
import { groupBy } from "../replies/group-by.ts";
import type { HeavyReads } from "../replies/heavy-reads.ts";
import { instantOf } from "../replies/instant.ts";
import { tokenOf } from "../requests/acting-user.ts";
import type { Handlers } from "../route.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const weekDays = 7;
const groupsShown = 20;

export interface AdminQualityDeps {
  readonly store: Pick<Store, "qualityHours">;
  readonly clock: Pick<Clock, "now">;
  readonly heavyReads: HeavyReads;
  readonly pause: Pause;
}

export function adminQualityRoutes(deps: AdminQualityDeps): Handlers<"adminGetQuality"> {
  return {
    adminGetQuality: async ({ query, caller, requireReader }) => {
      const { userId } = tokenOf(caller);
      const body = await deps.heavyReads.run(userId, () => qualityBody(deps, query, requireReader));
      return { status: 200, body };
    },
  };
}

async function qualityBody(
  deps: AdminQualityDeps,
  { by, days, until }: QueryOf<"adminGetQuality">,
  requireReader: () => void,
): Promise<AdminQuality> {
  const untilMs = until ?? deps.clock.now() + 1;
  const fromMs = Math.max(0, Math.floor((untilMs - days * dayMs) / hourMs) * hourMs);
  const backMs = Math.max(days, weekDays) * dayMs;
  /** A day at a time: what a day has by one dimension is one step of work. */
  const read = async (dimension: QualityDimension, firstMs: Instant, lastMs: Instant) => {
    const hours: QualityHour[] = [];
    for (let atMs = firstMs; atMs < lastMs; atMs += dayMs) {
      requireReader();
      hours.push(...(await deps.store.qualityHours.read(dimension, atMs, Math.min(lastMs, atMs + dayMs))));
      await deps.pause();
    }
    return hours;
  };
  const groups = sumHours(await read(by, fromMs, untilMs), groupsShown);
  const before = sumHours(await read(by, Math.max(0, fromMs - backMs), Math.max(0, untilMs - backMs)), groupsShown);
  const steps = stepsOf(await read("all", fromMs, untilMs), days > weekDays ? 6 * hourMs : hourMs);
  return {
    from: instantOf(fromMs),
    until: instantOf(untilMs),
    groups: groups.map(bodyOf),
    before: before.map(bodyOf),
    steps,
  };
}

function bodyOf(group: ReturnType<typeof sumHours>[number]): AdminQuality["groups"][number] {
  return { ...group, verdicts: { ...group.verdicts } as Record<string, number> };
}

function stepsOf(hours: readonly QualityHour[], lengthMs: number): AdminQuality["steps"] {
  const byStart = groupBy(hours, (hour) => Math.floor(hour.hourMs / lengthMs) * lengthMs);
  return [...byStart].flatMap(([startMs, some]) => {
    const [all] = sumHours(some, 1);
    if (all === undefined) return [];
    const { sides, levels, figures } = all;
    return [{ start: instantOf(startMs), sides, levels, figures }];
  });
}
