import type { Audit, AuditEvent } from "@echoo/accounts";
import type { Clock, Steady } from "@echoo/core";
import { tokenOf } from "../requests/acting-user.ts";
import type { Caller } from "../requests/authenticate.ts";
import type { RequestContext } from "../requests/request-context.ts";

export const lookBounds = {
  /** The same look again within this time is the same look: a page that renews itself does not fill the log. */
  sameLookMs: 10 * 60_000,
  /** Looks that are remembered for that; past it the oldest is forgotten, and noted once more. */
  rememberedLooks: 10_000,
} as const;

interface Look {
  readonly event: Extract<AuditEvent, `admin_looked_${string}`>;
  /** At whose. */
  readonly other?: string | undefined;
  readonly note: string;
}

type AskedBy = Pick<RequestContext, "address" | "requestId"> & { readonly caller: Caller };

/** Writes into the audit log who looked at what of whom. */
export class LookNotes {
  readonly #audit: Audit;
  readonly #clock: Pick<Clock, "steady">;
  readonly #notedAtMs = new Map<string, Steady>();

  constructor(audit: Audit, clock: Pick<Clock, "steady">) {
    this.#audit = audit;
    this.#clock = clock;
  }

  note({ caller, address, requestId }: AskedBy, { event, other, note }: Look): void {
    const { userId: user } = tokenOf(caller);
    const key = JSON.stringify([user, event, other, note]);
    const nowMs = this.#clock.steady();
    const lastMs = this.#notedAtMs.get(key);
    if (lastMs !== undefined && nowMs - lastMs < lookBounds.sameLookMs) return;
    this.#notedAtMs.delete(key);
    this.#notedAtMs.set(key, nowMs);
    if (this.#notedAtMs.size > lookBounds.rememberedLooks) {
      for (const oldest of this.#notedAtMs.keys()) {
        this.#notedAtMs.delete(oldest);
        break;
      }
    }
    this.#audit.note(event, { user, other, address, requestId, note });
  }
}
