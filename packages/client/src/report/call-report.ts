import type { ReportEvent, ReportKind } from "@echoo/protocol";
import type { Call } from "../call/call.ts";
import type { ClientClock } from "../client-clock.ts";

/** What is kept until the server has it, as much as the server keeps: the first events and the newest. */
export const firstEventsMax = 150;
export const newestEventsMax = 50;
const flushEveryMs = 5_000;

export type Told = Omit<ReportEvent, "n" | "t" | "kind">;

interface Seen {
  ice?: string | undefined;
  signaling?: string | undefined;
  gathering?: string | undefined;
  hasRelay: boolean;
  isRelayed: boolean;
}

interface ReportPort {
  readonly clock: ClientClock;
  /** Whether it can be sent at this moment. */
  canSend(): boolean;
  send(callId: string, events: readonly ReportEvent[]): void;
  /** Remembers the number of a call's next event for the page that is loaded next. */
  remember(callId: string, next: number): void;
}

/** The timeline of one call on this side: what is noted is numbered, and sent a few seconds later. */
export class CallReport {
  readonly #call: Pick<Call, "id">;
  readonly #port: ReportPort;
  readonly #isKnown: () => boolean;
  #next: number;
  #waiting: ReportEvent[] = [];
  #cancel: (() => void) | undefined;

  constructor(call: Pick<Call, "id">, port: ReportPort, isKnown: () => boolean, first = 0) {
    this.#call = call;
    this.#port = port;
    this.#isKnown = isKnown;
    this.#next = first;
  }

  /** Where this side stands, by what was noted; `isRelayed`: it was given a relay's address. */
  readonly seen: Seen = { hasRelay: false, isRelayed: false };

  note(kind: ReportKind, told: Told): void {
    if (kind === "ice" || kind === "signaling") this.seen[kind] = told.state;
    if (kind === "gathering") this.seen.gathering = told.state ?? this.seen.gathering;
    if (told.candidate === "relay" && kind === "gathering") this.seen.hasRelay = true;
    const { clock } = this.#port;
    this.#waiting.push({ n: this.#next, t: clock.now(), kind, ...told });
    this.#next += 1;
    // What lies between the first and the newest would not be kept.
    if (this.#waiting.length > firstEventsMax + newestEventsMax) this.#waiting.splice(firstEventsMax, 1);
    this.#cancel ??= clock.after(flushEveryMs, () => {
      this.#cancel = undefined;
      this.flush();
    });
  }

  /** What waits, to be sent in another way. */
  take(): readonly ReportEvent[] {
    const events = this.#waiting;
    if (!this.#isKnown()) return [];
    this.#waiting = [];
    this.#port.remember(this.#call.id, this.#next);
    return events;
  }

  flush(): void {
    if (this.#waiting.length === 0 || !this.#port.canSend()) return;
    const events = this.take();
    if (events.length > 0) this.#port.send(this.#call.id, events);
  }

  get id(): string {
    return this.#call.id;
  }
}
