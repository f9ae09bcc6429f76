import type { Instant } from "@echoo/client";
import { dayOf } from "../../format/format.ts";
import type { CallRow } from "../../state/api.ts";

interface Day {
  readonly heading: string;
  readonly calls: readonly CallRow[];
}

/** Calls, newest first, under the day on which each began. */
export function byDay(calls: readonly CallRow[], nowMs: Instant): readonly Day[] {
  const days: { heading: string; calls: CallRow[] }[] = [];
  for (const call of calls) {
    const heading = dayOf(Date.parse(call.startTime), nowMs);
    const last = days[days.length - 1];
    if (last?.heading === heading) last.calls.push(call);
    else days.push({ heading, calls: [call] });
  }
  return days;
}

/** Those whose other side has this in its name or number. */
export function matching(calls: readonly CallRow[], text: string, nameOf: (userId: string) => string) {
  const wanted = text.trim().toLocaleLowerCase();
  if (wanted === "") return calls;
  const digits = wanted.replace(/[\s().+-]/g, "");
  return calls.filter(
    ({ peer }) =>
      nameOf(peer.phone).toLocaleLowerCase().includes(wanted) || (digits !== "" && peer.phone.includes(digits)),
  );
}
