import type { CallSide } from "@echoo/protocol";
import { say, when } from "../i18n/words.ts";

/** What happened on one side, on the server's clock: states, candidates, network and device changes. */
export function SideEvents({ side }: { readonly side: CallSide }) {
  const { report } = side;
  if (report === undefined || report.events.length === 0) return null;
  const shiftMs = report.shiftMs ?? 0;
  return (
    <details data-testid="events">
      <summary>
        {say.call.events} ({report.events.length})
      </summary>
      <ul class="small">
        {report.events.map((event) => {
          const { n, t, kind, ...rest } = event as { n: number; t: number; kind: string } & Record<string, unknown>;
          return (
            <li key={n} class="break">
              <span class="soft figures">{when(new Date(t + shiftMs).toISOString())}</span> {kind}{" "}
              {Object.entries(rest)
                .map(([name, value]) => `${name}: ${typeof value === "object" ? JSON.stringify(value) : String(value)}`)
                .join(", ")}
            </li>
          );
        })}
      </ul>
    </details>
  );
}
