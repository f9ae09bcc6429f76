import type { ReportEvent, ReportKind, Sample } from "@echoo/protocol";
import type { Instant } from "../ports/clock.ts";
import { mergeTimelines, missingEvents } from "./merge-timeline.ts";
import type { Evidence, Side, SideEvidence } from "./verdict.ts";

/** A time between two moments. */
export interface Span {
  readonly fromMs: Instant;
  readonly toMs: Instant;
}

/** What one side told, in order, each once, and by the server's clock as far as that can be known. */
export class SideView {
  readonly side: Side;
  readonly events: readonly ReportEvent[];
  readonly samples: readonly Sample[];
  /** Nothing of its timeline is missing, and there is one. Only then does what is not in it mean anything. */
  readonly isWhole: boolean;

  constructor(side: Side, { timeline, samples }: SideEvidence) {
    this.side = side;
    const { events, shiftMs = 0 } = mergeTimelines(timeline ?? { events: [] }, { events: [] });
    this.isWhole = events.length > 0 && missingEvents({ events }) === 0;
    this.events = events.map((event) => ({ ...event, t: event.t + shiftMs }));
    this.samples = inOrder(samples).map((sample) => ({ ...sample, t: sample.t + shiftMs }));
  }

  /** The events after the last that is missing. */
  get sinceHole(): readonly ReportEvent[] {
    const from = this.events.findLastIndex(({ n }, at) => at === 0 || n !== (this.events[at - 1]?.n ?? n) + 1);
    return this.events.slice(Math.max(0, from));
  }

  of(kind: ReportKind, state?: string): readonly ReportEvent[] {
    return this.events.filter((event) => event.kind === kind && (state === undefined || event.state === state));
  }

  /** How long each state of this kind lasted; the last one until `endMs`. */
  spansOf(kind: ReportKind, endMs: Instant): readonly (Span & { readonly event: ReportEvent })[] {
    const events = this.of(kind).filter(({ state }) => state !== undefined);
    return events.map((event, at) => ({
      event,
      fromMs: event.t,
      toMs: events[at + 1]?.t ?? Math.max(endMs, event.t),
    }));
  }

  /** Times within which the page was hidden or frozen, so that what it measured says nothing of the network. */
  hidden(endMs: Instant): readonly Span[] {
    return this.spansOf("page", endMs).filter(({ event }) => event.state === "hidden" || event.state === "frozen");
  }

  /** Whether this side said of its own track that its user muted it, at any time. */
  wasMuted(media: "audio" | "video"): boolean {
    return this.of("track", "muted").some((event) => event.media === media && event.side !== "remote");
  }

  saw(event: ReportEvent): Evidence {
    const { kind, state, error, code, step, media, candidate } = event;
    const words = [kind, media, step, state, candidate, error, code].filter((word) => word !== undefined);
    return { source: "event", side: this.side, what: words.join(" "), t: event.t };
  }

  measured(what: string, value?: number, t?: Instant): Evidence {
    const at = t === undefined ? {} : { t };
    return { source: "sample", side: this.side, what, ...at, ...(value === undefined ? {} : { value }) };
  }
}

function inOrder(samples: readonly Sample[]): readonly Sample[] {
  const sorted = samples.toSorted((a, b) => a.t - b.t);
  const kept: Sample[] = [];
  for (const sample of sorted) {
    const last = kept.at(-1);
    if (last === undefined || last.t !== sample.t) kept.push(sample);
    // Of two of one moment the same one stands whatever came first.
    else if (JSON.stringify(sample) < JSON.stringify(last)) kept[kept.length - 1] = sample;
  }
  return kept;
}
