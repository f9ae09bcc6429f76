import { sayClosedRings } from "../i18n/en-own-devices.ts";
import { useCell } from "../state/cell.ts";
import type { ClosedRings } from "../state/closed-rings.ts";

/** After the first call: whether this browser should ring while the page is closed, and what for. */
export function AskClosedRings({ rings }: { readonly rings: ClosedRings }) {
  if (!useCell(rings.asks)) return null;
  return (
    <section class="note calm" aria-label={sayClosedRings.heading} data-testid="ask-notifications">
      <div>
        <p>{sayClosedRings.ask}</p>
        <p class="form-buttons">
          <button
            type="button"
            class="button primary compact"
            data-testid="ask-turn-on"
            onClick={() => void rings.turnOn()}
          >
            {sayClosedRings.turnOn}
          </button>
          <button type="button" class="button compact" data-testid="ask-not-now" onClick={() => rings.notNow()}>
            {sayClosedRings.notNow}
          </button>
        </p>
      </div>
    </section>
  );
}
