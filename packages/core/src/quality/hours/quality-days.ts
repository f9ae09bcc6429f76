import type { Instant } from "../../ports/clock.ts";
import type { MarkedHour, QualityHour, QualityHours } from "../../ports/told/quality-hours.ts";
import { HourCount } from "./hour-count.ts";
import { type QualityDimension, qualityDimensions } from "./hour-groups.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** A day stands a millisecond after its first hour, so that neither takes the other's place. */
function placeOf(dayAtMs: Instant): Instant {
  return dayAtMs + 1;
}

/**
 * Puts a counted hour, and its day as the sum of the hours that there are. A day is summed anew each time: whatever was
 * counted twice, or late, is in it once.
 */
export async function putHour(
  hours: Pick<QualityHours, "put" | "read">,
  hour: MarkedHour,
  count: HourCount,
  againAtMs: Instant,
): Promise<void> {
  const rows = [...count.groups()].map(([dimension, groups]) => ({ hourMs: hour.hourMs, dimension, groups }));
  await hours.put(hour, rows, againAtMs);
  const dayAtMs = Math.floor(hour.hourMs / dayMs) * dayMs;
  let summed: string;
  do {
    summed = await putDay(hours, dayAtMs, againAtMs);
    // Another node may have put an hour of the day meanwhile, and its own sum before this one.
  } while (summed !== JSON.stringify(await hours.read("all", dayAtMs, dayAtMs + dayMs)));
}

/** Tells the hours that it is the sum of. */
async function putDay(hours: Pick<QualityHours, "put" | "read">, dayAtMs: Instant, againAtMs: Instant) {
  const day = new HourCount();
  let summed = "";
  for (const dimension of qualityDimensions) {
    const rows = await hours.read(dimension, dayAtMs, dayAtMs + dayMs);
    if (dimension === "all") summed = JSON.stringify(rows);
    for (const { groups } of rows) day.addGroups(dimension, groups);
  }
  const hourMs = placeOf(dayAtMs);
  const sums = [...day.groups()].map(
    ([dimension, groups]): QualityHour => ({ hourMs, dimension: `${dimension}/day`, groups }),
  );
  await hours.put({ hourMs, marks: 0 }, sums, againAtMs);
  return summed;
}

/** All that there is between two hours: whole days where they are whole, and hours at the ends. */
export async function readQuality(
  hours: Pick<QualityHours, "read">,
  dimension: QualityDimension,
  fromMs: Instant,
  untilMs: Instant,
): Promise<readonly QualityHour[]> {
  const [firstDay, lastDay] = [Math.ceil(fromMs / dayMs) * dayMs, Math.floor(untilMs / dayMs) * dayMs];
  if (firstDay >= lastDay) return hours.read(dimension, fromMs, untilMs);
  return [
    ...(await hours.read(dimension, fromMs, firstDay)),
    ...(await hours.read(`${dimension}/day`, placeOf(firstDay), lastDay)),
    ...(await hours.read(dimension, lastDay, untilMs)),
  ];
}
