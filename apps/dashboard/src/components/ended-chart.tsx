import type { AdminNow } from "@echoo/protocol";
import { count, say } from "../i18n/words.ts";

const minutesShown = 60;
const minuteMs = 60_000;
const goodEnds: ReadonlySet<string> = new Set(["hangup", "superseded"]);
const badEnds: ReadonlySet<string> = new Set(["connect_failed", "connection_lost", "server_restart"]);

type Tone = "good" | "warn" | "bad";

function toneOf(reason: string): Tone {
  if (goodEnds.has(reason)) return "good";
  return badEnds.has(reason) ? "bad" : "warn";
}

/** Bars of the last hour by how calls ended, and the same in numbers for who cannot see bars. */
export function EndedChart({ now }: { readonly now: AdminNow }) {
  const lastMs = Math.floor(Date.parse(now.at) / minuteMs) * minuteMs;
  const totals = new Map<string, number>();
  const bars = now.minutes.map(({ start, ended }) => {
    const tones: Record<Tone, number> = { good: 0, warn: 0, bad: 0 };
    for (const [reason, value = 0] of Object.entries(ended)) {
      tones[toneOf(reason)] += value;
      totals.set(reason, (totals.get(reason) ?? 0) + value);
    }
    return { at: minutesShown - 1 - Math.round((lastMs - Date.parse(start)) / minuteMs), tones };
  });
  const highest = Math.max(1, ...bars.map(({ tones }) => tones.good + tones.warn + tones.bad));
  return (
    <>
      <svg viewBox={`0 0 ${minutesShown} 20`} width="100%" height="90" preserveAspectRatio="none" aria-hidden="true">
        {bars.map(({ at, tones }) => {
          let top = 20;
          return (["good", "warn", "bad"] as const).map((tone) => {
            const height = (19 * tones[tone]) / highest;
            top -= height;
            return (
              <rect key={`${at} ${tone}`} x={at + 0.1} y={top} width="0.8" height={height} fill={`var(--${tone})`} />
            );
          });
        })}
      </svg>
      <table class="plain-table">
        <tbody>
          {[...totals]
            .sort(([, a], [, b]) => b - a)
            .map(([reason, value]) => (
              <tr key={reason}>
                <th scope="row">{reason}</th>
                <td>{count(value)}</td>
                <td class="soft small">{say.ends[reason as keyof typeof say.ends]}</td>
              </tr>
            ))}
        </tbody>
      </table>
    </>
  );
}
