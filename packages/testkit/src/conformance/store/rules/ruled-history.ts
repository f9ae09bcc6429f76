import {
  type CallReport,
  type EndedCall,
  isMissedBy,
  isShownTo,
  type Ruling,
  ruleOnRecord,
  ruleOnReport,
  type StoredCall,
  viewersOf,
  withoutReporter,
} from "@echoo/core";

interface View {
  readonly seen: boolean;
  readonly hidden: boolean;
}

interface Kept {
  readonly call: StoredCall;
  readonly views: ReadonlyMap<string, View>;
}

/** What a store should hold, by the rules of the core alone: who may see a call, and which report of it wins. */
export class RuledHistory {
  readonly #kept = new Map<string, Kept>();

  find(callId: string): StoredCall | undefined {
    return this.#kept.get(callId)?.call;
  }

  record(record: EndedCall): "stored" | "other" {
    return this.#apply(record.callId, ruleOnRecord(this.find(record.callId), record));
  }

  report(report: CallReport, maxPosted: number): "created" | "known" | "conflict" | "full" {
    const { reporter, call } = report;
    const outcome = this.#apply(call.callId, ruleOnReport(this.find(call.callId), report));
    if (outcome !== "created" && outcome !== "joined") return outcome;
    const posted = this.#inOrder().filter((one) => one.call.reportedBy?.includes(reporter));
    const tooOld = posted.slice(maxPosted);
    for (const { call: old } of tooOld) this.#put(old.callId, withoutReporter(old, reporter));
    if (tooOld.some(({ call: old }) => old.callId === call.callId)) return "full";
    return outcome === "joined" ? "known" : outcome;
  }

  hide(viewer: string, callId: string): boolean {
    const kept = this.#kept.get(callId);
    if (kept === undefined || !isShownTo(kept.call, viewer)) return false;
    this.#see(kept, viewer, { seen: true, hidden: true });
    return true;
  }

  markSeen(viewer: string, untilMs: number): number {
    const unseen = this.history(viewer).filter(({ call, seen }) => !seen && call.createdAtMs <= untilMs);
    for (const { call } of unseen) {
      const kept = this.#kept.get(call.callId);
      if (kept !== undefined) this.#see(kept, viewer, { seen: true, hidden: false });
    }
    return unseen.length;
  }

  /** As `Calls.page` has it, newest first. */
  history(viewer: string, hidden = false): { readonly call: StoredCall; readonly seen: boolean }[] {
    return this.#inOrder().flatMap(({ call, views }) => {
      const view = views.get(viewer);
      return view !== undefined && view.hidden === hidden ? [{ call, seen: view.seen }] : [];
    });
  }

  /** The newest first. */
  #inOrder(): readonly Kept[] {
    const age = (a: Kept, b: Kept) =>
      b.call.createdAtMs - a.call.createdAtMs || (a.call.callId < b.call.callId ? 1 : -1);
    return [...this.#kept.values()].sort(age);
  }

  #apply<Outcome extends string>(callId: string, { outcome, next }: Ruling<Outcome>): Outcome {
    if (next !== undefined) this.#put(callId, next);
    return outcome;
  }

  /** What viewers have seen and hidden stays so, for as long as they may see the call. */
  #put(callId: string, call: StoredCall | undefined): void {
    const earlier = this.#kept.get(callId)?.views;
    if (call === undefined) {
      this.#kept.delete(callId);
      return;
    }
    const views = viewersOf(call).map((viewer) => {
      const { seen = false, hidden = false } = earlier?.get(viewer) ?? {};
      return [viewer, { seen: seen || !isMissedBy(call, viewer), hidden }] as const;
    });
    this.#kept.set(callId, { call, views: new Map(views) });
  }

  #see({ call, views }: Kept, viewer: string, view: View): void {
    this.#kept.set(call.callId, { call, views: new Map([...views, [viewer, view]]) });
  }
}
